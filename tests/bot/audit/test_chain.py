"""The chain of the audit log, and its exports."""

import random
from dataclasses import replace

import pytest

from bot.audit import chain, exported
from bot.audit.chain import Anchor, Entry, Record, Verifier, Why
from tests.trust.bending import BEGUN, KEYS, TENANT, WAYS, bent, entries, export, records, verify

SMALL = 60


def _verdict(found: list[Record], *anchors: Anchor, tenant: str = TENANT) -> chain.Verdict:
    verifier = Verifier(KEYS, tenant, anchors)
    verifier.take(found)
    return verifier.end()


def test_a_chain_verifies() -> None:
    """Every entry as it was written is found so, and the last link is that of the last one."""
    made = list(records(SMALL))
    assert _verdict(made, Anchor(SMALL, made[-1].link)) == chain.Verdict(SMALL, made[-1].link)


def test_an_export_verifies() -> None:
    """The same of a file."""
    good = export(SMALL)
    assert verify(good.whole, good.anchor) == chain.Verdict(SMALL, good.anchor.link)


def test_an_empty_export() -> None:
    """A chain without entries is sound; a file that says more behind it is not."""
    head = exported.head(TENANT, None)
    empty = head + exported.end(KEYS, head, 0, b"")
    assert verify(empty).fault is None
    assert verify(empty + b"\n").fault is not None


@pytest.mark.parametrize("way", WAYS)
def test_bent(way: str) -> None:
    """Fifty of each way to bend an export: the first bad entry is named every time."""
    good, roll = export(SMALL), random.Random(way)
    for number in range(50):
        file, place = bent(good, way, roll)
        fault = verify(file, good.anchor).fault
        assert fault is not None, f"{way} {number} at {place} is not found"
        assert fault.place == place, f"{way} {number}: {fault} in place of {place}"


def test_every_byte() -> None:
    """Of a small export no byte can be another, in the head and the end as well."""
    good = export(3)
    for at in range(len(good.whole)):
        file = bytearray(good.whole)
        file[at] ^= 0x20
        try:
            assert verify(bytes(file), good.anchor).fault is not None, f"byte {at} may be another"
        except exported.NotAnExport:
            assert at < len(good.head)


def test_frames_are_unambiguous() -> None:
    """Where the fields of an entry begin and end is part of its bytes, and so is whether there is a value at all."""
    one = Entry(1001, BEGUN, 1, None, "ab", "c", "done")
    others = [
        one._replace(action="a", subject="bc"),
        one._replace(person_id=None, stranger_id=1),
        one._replace(source=""),
        one._replace(before="", after=None),
        one._replace(before=None, after=""),
        one._replace(action="ab,1:=c"),
        one._replace(action="ä"),
    ]
    frames = {chain.frame(TENANT, 1, each) for each in (one, *others)}
    assert len(frames) == 1 + len(others)
    assert all(chain.unframed(each)[:4] == ["1", TENANT, "1", "1001"] for each in frames)


def test_frames_are_read_strictly() -> None:
    """A length with a zero before it, or a comma that is missing, is no frame."""
    for wrong in (b"01:=,", b"2:=a;", b"2:xa,", b"3:=a,", b"2:=a", b"x"):
        with pytest.raises(ValueError, match="netstring"):
            chain.unframed(wrong)


def test_an_entry_of_another_tenant() -> None:
    """A good entry of another tenant's chain, at the same place and under the same key, is none of this chain."""
    theirs = [chain.record("other", one) for one in chain.seal(KEYS, "other", None, entries(3))]
    assert _verdict(theirs).fault == chain.Fault(1, Why.CHANGED, 1001)


def test_a_chain_that_was_made_anew() -> None:
    """Who has the key too can write the past anew; an anchor that was kept elsewhere shows it."""
    good, anew = list(records(SMALL)), list(records(SMALL, seed=2))
    assert _verdict(anew).fault is None
    fault = _verdict(anew, Anchor(40, good[39].link)).fault
    assert fault == chain.Fault(40, Why.REWRITTEN, 1040)


def test_the_reason() -> None:
    """What is missing, what comes twice, and what an unknown key made, are told apart."""
    made = list(records(9))
    assert _verdict([*made[:3], *made[5:]]).fault == chain.Fault(4, Why.MISSING, until=5)
    assert _verdict([*made[:5], *made[3:]]).fault == chain.Fault(6, Why.TWICE, 1004)
    assert _verdict([*made[:5], made[5]._replace(key="0" * 16)]).fault == chain.Fault(6, Why.OTHER_KEY, 1006)
    assert _verdict(made[:5], Anchor(9, made[8].link)).fault == chain.Fault(6, Why.CUT_OFF, until=9)


def test_a_chain_goes_on_under_a_new_key() -> None:
    """Earlier links are checked with the key that made them, for as long as it is known."""
    old, new = b"o" * 32, b"n" * 32
    first = list(chain.seal(chain.ring([old]), TENANT, None, entries(3)))
    head = Anchor(3, first[-1].link)
    later = [replace(one) for one in chain.seal(chain.ring([new, old]), TENANT, head, entries(3, seed=2))]
    found = [chain.record(TENANT, one) for one in (*first, *later)]
    known, unknown = Verifier(chain.ring([new, old]), TENANT), Verifier(chain.ring([new]), TENANT)
    assert known.take(found)
    assert not unknown.take(found)
    assert unknown.end().fault == chain.Fault(1, Why.OTHER_KEY, 1001)
