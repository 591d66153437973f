"""Text from outside that cannot be kept as it is."""

import pytest

from bot.kernel.text.storable import read_json, storable, storable_json


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("plain", "plain"),
        ("München 🍞", "München 🍞"),
        ("a\0b\0", "ab"),
        ("half \ud83c here", "half \ufffd here"),
        ("\udf5e", "\ufffd"),
        ("\ud83c\udf5e", "🍞"),
        ("\0\ud800", "\ufffd"),
        ("", ""),
    ],
)
def test_storable(text: str, kept: str) -> None:
    """What can be kept stays as it is; a NUL goes, half a pair is replaced, and a pair in halves is whole again."""
    assert storable(text) == kept
    storable(text).encode()


def test_json_values() -> None:
    """Texts and names of fields are made fit in any depth, and a number that is too wide becomes text."""
    odd = {"a\0": ["\ud800", {"b": "c\0"}], "n": 10**30, "ok": [1, 2.5, None, True]}
    assert storable_json(odd) == {"a": ["\ufffd", {"b": "c"}], "n": "1" + "0" * 30, "ok": [1, 2.5, None, True]}


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (b'{"text": "a\\u0000b"}', {"text": "ab"}),
        (b'{"text": "\\ud800"}', {"text": "\ufffd"}),
        (b'{"text": "\\ud83c\\udf5e"}', {"text": "🍞"}),
    ],
)
def test_json_from_outside(data: bytes, value: object) -> None:
    """Half a pair, which a strict reader refuses, is no reason to refuse all that came with it."""
    assert read_json(data) == value


@pytest.mark.parametrize("data", [b"", b"{", b"[" * 100_000, b"\xff", b"no", b"1" * 5_000])
def test_no_json(data: bytes) -> None:
    """What is no JSON is a ValueError, however it is none."""
    with pytest.raises(ValueError, match=r"\w"):
        read_json(data)
