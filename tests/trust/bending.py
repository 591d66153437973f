"""Exports of the audit log, and every way of bending one that its chain has to show."""

import io
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bot.audit import chain, exported
from bot.audit.chain import Anchor, Entry, Record, Verdict, seal

TENANT = "studio"
KEYS = chain.ring([b"a key of 32 bytes, kept elsewhere"])
FORGED = chain.ring([b"a key that somebody made up then."])
BEGUN = 1_767_225_600_000_000  # 2026 begins
DEEDS = ("/status", "brief.delivered", "refund.asked", "person.changed", "tap approve", "/settings – Grüße, علی")
FLIP, CUT, SWAP, INSERTION, REPLAY, TRUNCATION = "bit flip", "cut", "swap", "insertion", "replay", "truncation"
WAYS = (FLIP, CUT, SWAP, INSERTION, REPLAY, TRUNCATION)


def entries(many: int, seed: int = 1) -> Iterator[Entry]:
    """Entries as the bot writes them."""
    roll = random.Random(seed)
    for number in range(many):
        person = roll.randrange(1001, 1100) if roll.random() < 0.9 else None
        stranger = None if person else roll.randrange(1001, 1010)
        at = BEGUN + 250_000 * number
        deed, subject = roll.choice(DEEDS), f"brief:{roll.randrange(1001, 9999)}"
        yield Entry(1001 + number, at, person, stranger, deed, subject, "done", "chat", f"u{number}", None, "80")


def records(many: int, seed: int = 1) -> Iterator[Record]:
    """The same, sealed."""
    return (chain.record(TENANT, one) for one in seal(KEYS, TENANT, None, entries(many, seed)))


@dataclass(frozen=True, slots=True)
class Export:
    """A file in its parts. anchor: of the last entry, as it is kept elsewhere."""

    head: bytes
    lines: Sequence[bytes]
    end: bytes
    anchor: Anchor

    @property
    def whole(self) -> bytes:
        """The file."""
        return self.of(self.lines)

    def of(self, lines: Sequence[bytes]) -> bytes:
        """The file with other lines."""
        return b"".join([self.head, *lines, self.end])


def export(many: int, seed: int = 1) -> Export:
    """A whole chain as a file."""
    made = list(records(many, seed))
    head = exported.head(TENANT, None)
    last = Anchor(made[-1].place, made[-1].link)
    end = exported.end(KEYS, head, last.place, last.link)
    return Export(head, [exported.entry(one) for one in made], end, last)


def verify(file: bytes, anchor: Anchor | None = None) -> Verdict:
    """What the product says of it."""
    return exported.verify(io.BytesIO(file), KEYS, [anchor] if anchor else [])[1]


def bent(good: Export, way: str, roll: random.Random) -> tuple[bytes, int]:
    """The file, bent in that way somewhere, and the place of the first entry that is then bad."""
    return _BY_WAY[way](good, roll)


def _flip(good: Export, roll: random.Random) -> tuple[bytes, int]:
    lines, at = list(good.lines), roll.randrange(len(good.lines))
    line = bytearray(lines[at])
    line[roll.randrange(len(line))] ^= 1 << roll.randrange(8)
    lines[at] = bytes(line)
    return good.of(lines), at + 1


def _cut(good: Export, roll: random.Random) -> tuple[bytes, int]:
    at = roll.randrange(len(good.lines) - 1)
    many = roll.randrange(1, min(5, len(good.lines) - at))
    return good.of([*good.lines[:at], *good.lines[at + many :]]), at + 1


def _swap(good: Export, roll: random.Random) -> tuple[bytes, int]:
    lines = list(good.lines)
    one, other = sorted(roll.sample(range(len(lines)), 2))
    lines[one], lines[other] = lines[other], lines[one]
    return good.of(lines), one + 1


def _insertion(good: Export, roll: random.Random) -> tuple[bytes, int]:
    at = roll.randrange(len(good.lines) + 1)
    (entry,) = entries(1, roll.randrange(10**9))
    head = Anchor(at, roll.randbytes(32))
    (made,) = seal(FORGED, TENANT, head, [entry])
    names = next(iter(KEYS)) if roll.random() < 0.5 else made.key
    line = exported.entry(chain.record(TENANT, made)._replace(key=names))
    return good.of([*good.lines[:at], line, *good.lines[at:]]), at + 1


def _replay(good: Export, roll: random.Random) -> tuple[bytes, int]:
    of, at = sorted((roll.randrange(len(good.lines)), roll.randrange(1, len(good.lines) + 1)))
    at = max(at, of + 1)
    return good.of([*good.lines[:at], good.lines[of], *good.lines[at:]]), at + 1


def _truncation(good: Export, roll: random.Random) -> tuple[bytes, int]:
    """Between two entries with the end or an older one put behind them, or anywhere."""
    left = roll.randrange(len(good.lines))
    match roll.randrange(3):
        case 0:
            return good.of(good.lines[:left]), left + 1
        case 1:  # as it was when the chain was that long: true, and only the anchor knows of more
            link = bytes.fromhex(good.lines[left - 1][-66:-2].decode()) if left else b""
            older = exported.end(KEYS, good.head, left, link)
            return b"".join([good.head, *good.lines[:left], older]), left + 1
        case _:
            line = good.lines[left]
            return b"".join([good.head, *good.lines[:left], line[: roll.randrange(len(line))]]), left + 1


_BY_WAY: dict[str, Callable[[Export, random.Random], tuple[bytes, int]]] = {
    FLIP: _flip,
    CUT: _cut,
    SWAP: _swap,
    INSERTION: _insertion,
    REPLAY: _replay,
    TRUNCATION: _truncation,
}
