"""The image, built and run by the compose files against the sandbox: `make image-check`.

Each compose file is started with the image of the version before, which is the newest commit with an older schema. It
is upgraded, does a brief from the message to the paid invoice, is backed up and that backup tried, is stopped by
SIGTERM, started again, and rolled back by what docs/operations.md says. Ends with 0 where all of it worked, with 1
where something did not, and with 77 where something that it needs cannot be had here.
"""

import argparse
import asyncio
import os
import sys
import tempfile
from pathlib import Path

from bot.kernel.errors import EchoPilotError
from tests.image import engine
from tests.image.engine import Composed, Failed, NotHere
from tests.image.trial import FILES, Trial, prepared, served

LARGEST = 420_000_000  # bytes of the image, of which Typst, which sets PDFs, has 68
CANNOT_SAY = 77


def say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def main() -> int:
    arguments = _arguments()
    try:
        return asyncio.run(_check(arguments))
    except NotHere as missing:
        say(f"NOT CHECKED: {missing}. Nothing can be said of the image on this machine.")
        return CANNOT_SAY
    except (Failed, AssertionError, TimeoutError, EchoPilotError) as error:
        say(f"FAILED: {error or type(error).__name__}")
        return 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.image", description=__doc__)
    parser.add_argument("--base", default="python:3.11-slim", help="what the image is built on")
    parser.add_argument("--postgres", default="postgres:17", help="the image of PostgreSQL")
    parser.add_argument("--network", default="default", help="the network that the build reaches packages by")
    parser.add_argument("--before", default=None, help="the commit to upgrade from (default: with the schema before)")
    return parser.parse_args()


async def _check(arguments: argparse.Namespace) -> int:
    command = await engine.find()
    for image in (arguments.base, arguments.postgres):
        await engine.had(image)
    before = arguments.before or await version_before()
    name = f"echopilot-check-{os.getpid()}"
    tags = {"before": before, "now": None}
    try:
        sizes = {tag: await _built(commit, f"{name}:{tag}", arguments) for tag, commit in tags.items()}
        if sizes["now"] > LARGEST:
            raise Failed(f"the image has {sizes['now'] / 1e6:.0f} MB, and {LARGEST / 1e6:.0f} MB are allowed")
        for file in FILES:
            await _tried(file, name, command, arguments.postgres)
    finally:
        for tag in tags:
            await _gone(f"{name}:{tag}")
    say("passed")
    return 0


async def _built(commit: str | None, tag: str, arguments: argparse.Namespace) -> int:
    size = await engine.build(commit, tag, arguments.base, arguments.network)
    say(f"built {commit or 'HEAD'} on {arguments.base}: {size / 1e6:.0f} MB")
    return size


async def _gone(image: str) -> None:
    try:
        await engine.call("docker", "image", "rm", "--force", image)
    except Failed as failed:
        say(str(failed))


async def _tried(file: str, name: str, command: tuple[str, ...], postgres: str) -> None:
    with tempfile.TemporaryDirectory(prefix="echopilot-compose-") as folder:
        async with served() as stand_ins:
            port = prepared(file, Path(folder), name, stand_ins)
            composed = Composed(command, Path(folder), name, {**os.environ, "POSTGRES_IMAGE": postgres})
            trial = Trial(composed, stand_ins, port, lambda words: say(f"{file}: {words}"))
            try:
                await trial.run()
            except BaseException:
                say((await composed.run("logs", "--no-color", "--tail", "40")).decode(errors="replace"))
                raise
            finally:
                await composed.run("down", "--volumes", "--remove-orphans")


async def version_before() -> str:
    """The newest commit that has a part of today's migrations, as they are today. Raises NotHere."""
    folder = "storage/migrations/versions"
    today = await _migrations("HEAD", folder)
    parents = await engine.call("git", "log", "--first-parent", "-m", "--format=%P", "--", folder)
    for line in parents.decode().splitlines():
        commit = line.partition(" ")[0]
        if commit and set() < await _migrations(commit, folder) < today:
            return commit
    raise NotHere("the history of this tree has no version with an older schema")


async def _migrations(commit: str, folder: str) -> set[bytes]:
    """Each file's hash and name."""
    return set((await engine.call("git", "ls-tree", commit, f"{folder}/")).splitlines())


if __name__ == "__main__":
    sys.exit(main())
