"""When a duel of prompts is decided."""

from datetime import UTC, datetime
from math import exp, isclose, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.duels import WINNERS, e_process, exact, share, simulate
from bot.experiments import cards as duel_cards
from bot.experiments.model import LONGEST, Duel, Standing, Tally, Verdict, decide, evidence, log_evidence
from bot.kernel.card import Button
from bot.prompts.model import Version

COUNTS = st.integers(0, 300)


def test_false_winners() -> None:
    """Of 1,000 simulated duels of equal prompts, looked at after every pair, at most 5 % find a winner."""
    assert share(simulate(e_process, 0.5), *WINNERS) <= 0.05


def test_false_winners_exactly() -> None:
    """Over every way that 400 pairs of equal prompts can go, the chance of a winner is at most 5 %."""
    ended = exact(e_process, 0.5)
    assert isclose(sum(ended.values()), 1)
    assert sum(ended[winner] for winner in WINNERS) <= 0.05


@pytest.mark.parametrize(("probability", "power"), [(0.6, 0.85), (0.65, 0.99)])
def test_power(probability: float, power: float) -> None:
    """A prompt that wins 60 of 100 pairs is found in 85 % of duels, one that wins 65 in 99 %; the other hardly ever."""
    ended = exact(e_process, probability)
    assert ended[Verdict.WON_A] >= power
    assert ended[Verdict.WON_B] < 0.001


@given(COUNTS, COUNTS)
def test_a_fair_game(a: int, b: int) -> None:
    """Between equal prompts the evidence is a fair game: what the next pair makes of it is, on average, what it is."""
    after = (exp(log_evidence(a + 1, b) - log_evidence(a, b)) + exp(log_evidence(a, b + 1) - log_evidence(a, b))) / 2
    assert isclose(after, 1, rel_tol=1e-9)


def test_the_game_begins_at_one() -> None:
    """Before the first pair there is no evidence either way."""
    assert isclose(evidence(Tally()), 1)


@given(COUNTS, COUNTS, COUNTS)
def test_ties_are_dropped(a: int, b: int, ties: int) -> None:
    """Ties change nothing about the evidence."""
    assert evidence(Tally(a, b, ties)) == evidence(Tally(a, b))


@given(COUNTS, COUNTS, st.integers(0, 50))
def test_neither_side_is_favoured(a: int, b: int, ties: int) -> None:
    """Changing sides changes the winner and nothing else."""
    swapped = {Verdict.WON_A: Verdict.WON_B, Verdict.WON_B: Verdict.WON_A}
    verdict = decide(Tally(a, b, ties))
    assert decide(Tally(b, a, ties)) == swapped.get(verdict, verdict)


@given(COUNTS, COUNTS)
def test_decided_means_twenty_to_one(a: int, b: int) -> None:
    """A duel has a winner exactly when the evidence is 20 or more, and it is the one with more wins."""
    decided = log_evidence(a, b) >= log(20)
    assert (decide(Tally(a, b)) in WINNERS) == decided
    if decided:
        assert decide(Tally(a, b)) == (Verdict.WON_A if a > b else Verdict.WON_B)


def test_it_ends() -> None:
    """A duel that shows no difference ends after 400 judged pairs, however many of them were ties."""
    assert decide(Tally(200, 199)) == Verdict.RUNNING
    assert decide(Tally(200, 200)) == Verdict.UNDECIDED
    assert decide(Tally(0, 0, LONGEST)) == Verdict.UNDECIDED


def test_twelve_in_a_row() -> None:
    """Eleven wins in a row are not enough, twelve are."""
    assert (decide(Tally(a=11)), decide(Tally(a=12))) == (Verdict.RUNNING, Verdict.WON_A)


def standing(a: int, b: int, ties: int, in_use: str) -> Standing:
    """A duel of version 2 for all types and Drafting's own version 1, by its pairs; `in_use` serves Drafting."""
    at, tally = datetime(2026, 11, 23, tzinfo=UTC), Tally(a, b, ties)
    for_all = Version(1, "main", "draft", "", 2, "text", "why", None, True, at)
    own = Version(2, "main", "draft", "Drafting", 1, "text", "why", None, in_use == "own", at)
    return Standing(Duel(1001, "main", "Drafting", 1, 2, decide(tally), at, at), for_all, own, tally)


def test_no_difference_reads() -> None:
    """A duel that ends without a winner says so, and offers nothing to change."""
    card = duel_cards.ended(standing(10, 10, 380, in_use="all"), None, [])
    assert "No difference shown" in card.text
    assert "400 pairs, won 10 : 10, 380 tied" in card.text
    assert card.rows == ()


def test_a_types_own_version_wins() -> None:
    """A winner of the type's own is put in use, where none was."""
    ended = standing(0, 20, 0, in_use="all")
    card = duel_cards.ended(ended, ended.a, [ended.a])
    assert card.rows == ((Button("Use the winner", "puse", ended.b.id, 0),),)


def test_the_one_for_all_types_wins() -> None:
    """A winner for all types serves once the type's own is taken out of use."""
    ended = standing(20, 0, 0, in_use="own")
    card = duel_cards.ended(ended, ended.b, [ended.a, ended.b])
    assert card.rows == ((Button("Use the winner", "prest", ended.b.id),),)


def test_a_winner_that_is_in_use() -> None:
    """Nothing is offered where the winner is in use already."""
    ended = standing(0, 20, 0, in_use="own")
    card = duel_cards.ended(ended, ended.b, [ended.a, ended.b])
    assert "It is in use already" in card.text
    assert card.rows == ()
