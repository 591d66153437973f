"""Codes of authenticators and recovery codes, and how they are kept."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pyotp
import pytest

from bot.access.sealing import Sealer
from bot.step_up import codes
from bot.step_up.hiding import hidden, shown

SEED = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # "12345678901234567890", of the RFC
# https://www.rfc-editor.org/rfc/rfc6238 appendix B, SHA-1; the last six of its eight digits
VECTORS = [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"),
           (2000000000, "279037"), (20000000000, "353130")]  # fmt: skip
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
SEALER = Sealer({"first": b"one secret", "second": b"another"}, "first")


@pytest.mark.parametrize(("seconds", "code"), VECTORS)
def test_the_vectors_of_the_rfc(seconds: int, code: str) -> None:
    """Each code of the RFC's table counts at its time."""
    assert codes.step_of(SEED, code, datetime.fromtimestamp(seconds, UTC), 0) == seconds // 30


@pytest.mark.parametrize(("seconds", "counts"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_step_before_and_after(seconds: int, counts: bool) -> None:
    """A code counts a step before and after its own, and no longer."""
    code = pyotp.TOTP(SEED).at(NOW + timedelta(seconds=seconds))
    assert (codes.step_of(SEED, code, NOW, 0) is not None) is counts


def test_a_code_counts_once() -> None:
    """What was used, and what is older than that, counts no more."""
    totp = pyotp.TOTP(SEED)
    used = codes.step_of(SEED, totp.at(NOW), NOW, 0)
    assert used is not None
    before = totp.at(NOW - timedelta(seconds=30))
    assert [codes.step_of(SEED, one, NOW, used) for one in (totp.at(NOW), before)] == [None, None]


@pytest.mark.parametrize("typed", ["287 082", "287-082", " 287082 ", "۲۸۷۰۸۲", "٢٨٧٠٨٢"])
def test_as_people_type_it(typed: str) -> None:
    """Spaces, and the digits of other scripts, are no mistake."""
    assert codes.is_typed(typed)
    assert codes.step_of(SEED, typed, datetime.fromtimestamp(59, UTC), 0) == 1


@pytest.mark.parametrize("typed", ["", "28708", "2870821", "abcdef", "²⁸⁷⁰⁸²", "287082; 081804"])
def test_what_is_no_code(typed: str) -> None:
    """Nothing else counts."""
    assert codes.step_of(SEED, typed, datetime.fromtimestamp(59, UTC), 0) is None


def test_recovery_codes() -> None:
    """Ten, each known again however it is typed."""
    made = codes.new_recovery_codes()
    assert len(set(made)) == 10
    assert all(codes.is_typed(one) for one in made)
    assert codes.recovery_hash(made[0].upper().replace("-", " ")) == codes.recovery_hash(made[0])


@pytest.mark.parametrize("text", ["Write a page of 200 words", "12/11/2026", "alice@example.org", "123", "/brief_1042",
                                  "this text that have"])  # fmt: skip
def test_what_is_kept_as_it_came(text: str) -> None:
    """What does not look like a code is kept as it came."""
    update = {"message": {"text": text}}
    assert hidden(update, SEALER) == update


@pytest.mark.parametrize("text", ["287082", "287 082", "28708", "/authenticator 287082", "abcd-efgh-jkmn-pqrs"])
@pytest.mark.parametrize("kind", ["message", "edited_message"])
def test_what_looks_like_a_code_is_hidden(kind: str, text: str) -> None:
    """It is not in what is kept, also as the words of an answered message, and comes out as it came."""
    update: dict[str, Any] = {"update_id": 1, kind: {"text": text, "reply_to_message": {"text": text}}}
    kept = hidden(update, SEALER)
    assert text not in str(kept)
    assert shown(kept, SEALER) == update


def test_what_is_sealed() -> None:
    """It opens with its secret alone, also once there is a newer one; for nothing else, and not once changed."""
    sealed = SEALER.seal("287082", "inbox")
    assert SEALER.open(sealed, "inbox") == "287082"
    assert Sealer({"second": b"another", "first": b"one secret"}, "second").open(sealed, "inbox") == "287082"
    changed = sealed[:-6] + ("A" if sealed[-6] != "A" else "B") + sealed[-5:]
    others = [(SEALER, sealed, "elsewhere"), (SEALER, changed, "inbox"), (SEALER, "first:", "inbox"),
              (SEALER, "plain", "inbox"), (Sealer({"first": b"wrong"}, "first"), sealed, "inbox")]  # fmt: skip
    assert [one.open(given, about) for one, given, about in others] == [None] * 5


def test_the_picture() -> None:
    """It is a PNG of what authenticators read."""
    assert codes.picture_of(codes.address_of(SEED, "Carol")).startswith(b"\x89PNG")
    assert codes.address_of(SEED, "Carol") == f"otpauth://totp/EchoPilot:Carol?secret={SEED}&issuer=EchoPilot"
