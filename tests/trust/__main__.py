"""What is shown of trust, at full size; 1 where anything was not found, or took too long."""

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from itertools import islice
from pathlib import Path

from bot.audit import exported
from bot.audit.chain import Anchor, Verifier
from tests.trust.bending import KEYS, TENANT, WAYS, bent, export, records, verify

ENTRIES = 1_000_000
MOST_SECONDS = 10.0
BENT = 300
LONG = 400
BATCH = 1_000


def say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def main() -> int:
    """Show what is named, or everything."""
    shows: Mapping[str, Callable[[argparse.Namespace], bool]] = {"audit": _audit}
    parser = argparse.ArgumentParser(prog="python -m tests.trust", description=__doc__)
    parser.add_argument("shows", nargs="*", metavar="SHOW", help=f"{', '.join(shows)} (default: all)")
    parser.add_argument("--entries", type=int, default=ENTRIES, help="of the chain that is verified")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    unknown = sorted(set(arguments.shows) - set(shows))
    if unknown:
        parser.error(f"nothing shows {', '.join(unknown)}; there are {', '.join(shows)}")
    shown = [shows[name](arguments) for name in arguments.shows or shows]
    return 0 if all(shown) else 1


def _audit(arguments: argparse.Namespace) -> bool:
    return all([_bent(arguments.seed), _fast(arguments.entries)])


def _bent(seed: int) -> bool:
    good, roll, all_found = export(LONG), random.Random(seed), True
    for way in WAYS:
        named, many = 0, BENT // len(WAYS)
        for _number in range(many):
            file, place = bent(good, way, roll)
            fault = verify(file, good.anchor).fault
            named += fault is not None and fault.place == place
        say(f"{way}: {named} of {many} found, the first bad entry named")
        all_found &= named == many
    return all_found


def _fast(many: int) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        path, head, last = Path(folder) / "export", exported.head(TENANT, None), Anchor(0, b"")
        with path.open("wb") as file:
            file.write(head)
            for one in records(many):
                file.write(exported.entry(one))
                last = Anchor(one.place, one.link)
            file.write(exported.end(KEYS, head, last.place, last.link))
        began, worked = time.perf_counter(), time.process_time()
        with path.open("rb") as file:
            _tenant, verdict = exported.verify(file, KEYS, [last])
        took, worked = time.perf_counter() - began, time.process_time() - worked
        sound = verdict.fault is None and verdict.entries == many
        size = path.stat().st_size >> 20
        say(f"an export of {many} entries ({size} MB): sound {sound}, {took:.1f} s ({worked:.1f} s of CPU)")
        good = sound and took <= MOST_SECONDS
    verifier, took, worked, found = Verifier(KEYS, TENANT, [last]), 0.0, 0.0, records(many)
    while batch := list(islice(found, BATCH)):
        began, before = time.perf_counter(), time.process_time()
        verifier.take(batch)
        took, worked = took + time.perf_counter() - began, worked + time.process_time() - before
    verdict = verifier.end()
    say(f"the chain alone: {verdict.entries} entries, {verdict.fault or 'sound'}, {took:.1f} s ({worked:.1f} s of CPU)")
    return good and verdict.fault is None and took <= MOST_SECONDS


if __name__ == "__main__":
    sys.exit(main())
