"""Whatever runs containers on this machine, and its compose files."""

import asyncio
import io
import json
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.ops.version import ROOT

COMPOSERS = (("docker", "compose"), ("docker-compose",))
MINUTES = 60.0


class NotHere(Exception):
    """Something that the check needs cannot be had on this machine; says what."""


class Failed(Exception):
    """A command of the engine's failed; says which, and its last words."""


async def call(*command: str, given: bytes = b"", env: Mapping[str, str] | None = None, cwd: Path = ROOT) -> bytes:
    """What a command prints. Raises Failed."""
    process = await asyncio.create_subprocess_exec(
        *command, cwd=cwd, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    async with asyncio.timeout(30 * MINUTES):
        said, complaint = await process.communicate(given)
    if process.returncode:
        # Docker's older builder complains of its own age, and says why a step failed where it says all else.
        words = [
            line for part in (said, complaint) for line in part.decode(errors="replace").strip().splitlines()[-15:]
        ]
        raise Failed("\n".join([" ".join(command), *words]))
    return said


async def find() -> tuple[str, ...]:
    """The command that reads compose files. Raises NotHere where it, or the engine behind it, is missing."""
    if shutil.which("docker") is None:
        raise NotHere("there is no `docker` here")
    try:
        await call("docker", "info")
        await call("docker", "ps")
    except Failed as failed:
        raise NotHere(f"no container engine answers: {str(failed).splitlines()[-1]}") from None
    for command in COMPOSERS:
        if shutil.which(command[0]) is not None:
            try:
                await call(*command, "version")
            except Failed:
                continue
            return command
    raise NotHere("neither `docker compose` nor `docker-compose` is here")


async def had(image: str) -> None:
    """Have an image, from here or from where images are kept. Raises NotHere."""
    try:
        await call("docker", "image", "inspect", image)
    except Failed:
        try:
            await call("docker", "pull", image)
        except Failed as failed:
            raise NotHere(f"the image {image} cannot be had: {str(failed).splitlines()[-1]}") from None


async def build(ref: str | None, tag: str, base: str, network: str) -> int:
    """Build the image of a commit, or of the tree as it is, by the tree's Dockerfile; returns its bytes."""
    with tempfile.TemporaryDirectory(prefix="echopilot-image-") as folder:
        context = Path(folder)
        archive = await call("git", "archive", ref or "HEAD")
        with tarfile.open(fileobj=io.BytesIO(archive)) as files:
            files.extractall(context, filter="data")
        for name in ("Dockerfile", ".dockerignore"):
            shutil.copy(ROOT / name, context / name)
        commit = (await call("git", "rev-parse", "--short=12", ref or "HEAD")).decode().strip()
        values = (f"ECHOPILOT_COMMIT={commit}", f"BASE={base}")
        arguments = [part for value in values for part in ("--build-arg", value)]
        await call("docker", "build", "--network", network, *arguments, "--tag", tag, str(context))
    [found] = json.loads(await call("docker", "image", "inspect", tag))
    return int(found["Size"])


@dataclass(frozen=True, slots=True)
class Composed:
    """The containers of one compose file, in a project of its own. `folder` holds the file and its .env."""

    command: Sequence[str]
    folder: Path
    project: str
    env: Mapping[str, str]

    async def run(self, *arguments: str, tag: str = "now", given: bytes = b"") -> bytes:
        """One command of compose, with the image of that tag."""
        files = ("--file", "compose.yaml", "--file", "check.yaml")
        env = {**self.env, "TAG": tag}
        command = (*self.command, "--project-name", self.project, *files, *arguments)
        return await call(*command, given=given, env=env, cwd=self.folder)

    async def states(self) -> dict[str, dict[str, object]]:
        """What each container's state is, by its name."""
        ids = (await self.run("ps", "--all", "--quiet")).decode().split()
        found = json.loads(await call("docker", "inspect", *ids)) if ids else []
        return {str(one["Name"]).lstrip("/"): one["State"] for one in found}
