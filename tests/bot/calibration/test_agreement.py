"""Agreement, bounds and evidence, against values that others have published."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calibration.agreement import (
    LIMIT,
    Confusion,
    audits_needed,
    disproven,
    false_pass_rate,
    kappa,
    log_evidence,
    proven,
    true_pass_rate,
    upper_bound,
)


@pytest.mark.parametrize(
    ("table", "published"),
    [
        # Feinstein and Cicchetti, J. Clin. Epidemiol. 43 (1990) 543-549, tables 1 and 2
        (Confusion(40, 9, 6, 45), 0.70),
        (Confusion(80, 10, 5, 5), 0.32),
        (Confusion(45, 15, 25, 15), 0.13),
        (Confusion(25, 35, 5, 35), 0.26),
        (Confusion(20, 5, 10, 15), 0.40),
    ],
)
def test_kappa_as_published(table: Confusion, published: float) -> None:
    """Kappa is what the literature gives for its tables."""
    found = kappa(table)
    assert found is not None
    assert round(found, 2) == published


@pytest.mark.parametrize("table", [Confusion(0, 0, 0, 0), Confusion(7, 0, 0, 0), Confusion(0, 0, 0, 7)])
def test_kappa_is_undefined(table: Confusion) -> None:
    """Without labels, or where both sides gave one and the same label to everything, there is no kappa."""
    assert kappa(table) is None


@pytest.mark.parametrize(
    ("bad", "total", "percent"),
    [(0, 20, 13.9), (0, 59, 5.0), (0, 1, 95.0), (0, 0, 100.0), (3, 3, 100.0), (1, 10, 39.4), (10, 100, 16.4)],
)
def test_exact_upper_bound(bad: int, total: int, percent: float) -> None:
    """The one-sided 95 % bound is the exact one: 0 of 20 gives 13.9 %, 0 of 59 gives 5.0 %."""
    assert round(100 * upper_bound(bad, total), 1) == percent


@pytest.mark.parametrize(("failures", "trials"), [(0, 59), (1, 93), (2, 124), (3, 153), (4, 181), (5, 208)])
def test_published_test_plans(failures: int, trials: int) -> None:
    """The plans for 95 % reliability at 95 % confidence: so many trials with so many failures, and not one fewer."""
    assert upper_bound(failures, trials) <= 0.05 < upper_bound(failures, trials - 1)


@given(st.integers(1, 300), st.data())
def test_the_bound_is_over_the_share(total: int, data: st.DataObject) -> None:
    """The upper bound is at least the share seen, and grows with what was seen."""
    bad = data.draw(st.integers(0, total))
    assert upper_bound(bad, total) >= bad / total - 1e-6
    if bad < total:
        assert upper_bound(bad, total) < upper_bound(bad + 1, total) + 1e-6


def test_rates_are_of_all_drafts_not_of_those_read() -> None:
    """Where 1 in 20 passed drafts is read, its labels count for twenty: 10 good passes read stand for 200."""
    whole = Confusion(10, 1, 30, 60).as_if_all_were_read(passed=220, held=90)
    assert whole == Confusion(200, 20, 30, 60)
    assert whole is not None
    assert true_pass_rate(whole) == 200 / 230
    assert false_pass_rate(whole) == 20 / 80
    assert Confusion(0, 0, 3, 4).as_if_all_were_read(passed=50, held=7) is None
    assert (true_pass_rate(Confusion(0, 0, 0, 1)), false_pass_rate(Confusion(1, 0, 0, 0))) == (None, None)


def test_59_clean_audits() -> None:
    """Under 59 audits nothing is proven; 59 clean ones prove it; one bad one makes it 215."""
    assert [proven(0, 58), proven(0, 59), audits_needed(0), audits_needed(1)] == [False, True, 59, 215]
    assert not any(proven(bad, total) for total in range(59) for bad in range(total + 1))


@given(st.integers(0, 30), st.integers(0, 1500))
def test_proven_is_stricter_than_one_look(bad: int, good: int) -> None:
    """What is proven for any number of looks also holds by the exact bound of a single one."""
    if proven(bad, bad + good):
        assert upper_bound(bad, bad + good) <= LIMIT + 1e-9
    assert not (proven(bad, bad + good) and disproven(bad, bad + good))


@given(st.integers(0, 40))
def test_the_bet_is_fair(total: int) -> None:
    """At the limit itself the evidence is worth 1 on average after any number of audits; under it, it only gains."""

    def mean(share: float) -> float:
        return math.fsum(
            math.comb(total, bad) * share**bad * (1 - share) ** (total - bad) * math.exp(log_evidence(bad, total))
            for bad in range(total + 1)
        )

    assert abs(mean(LIMIT) - 1) < 1e-9
    assert mean(0.08) <= 1 + 1e-9
    assert mean(0.01) >= 1 - 1e-9


def ever(boundary: list[int], share: float, audits: int) -> float:
    """The exact chance that, of a history whose true share of bad ones is `share`, the claim is ever made: after some
    audit there are `bad` bad ones and at least boundary[bad] in all.
    """
    alive, claimed = [1.0] + [0.0] * len(boundary), 0.0
    for count in range(1, audits + 1):
        clean = [chance * (1 - share) for chance in alive]
        alive = [clean[0], *(now + share * before for now, before in zip(clean[1:], alive, strict=False))]
        for bad, needed in enumerate(boundary):
            if count >= needed:
                claimed, alive[bad] = claimed + alive[bad], 0.0
    return claimed


def test_peeking_proves_nothing_false() -> None:
    """Looked at after each of 1,500 audits, drafts of which a little over 5 % are bad are called proven with a chance
    of at most 5 %; by the exact bound of one look, peeked at in the same way, it would be three times that.
    """
    plan = [audits_needed(bad) for bad in range(90)]
    peeked = [next(n for n in range(1, 2000) if upper_bound(bad, n) <= LIMIT) for bad in range(20)]
    assert 0.045 < ever(plan, LIMIT + 1e-6, 1500) <= 0.05
    assert ever(peeked, LIMIT + 1e-6, 1500) > 0.15


def test_a_bad_gate_is_found_out() -> None:
    """5 bad of 20 audits prove that more than 5 % is bad; 1 bad of 20 proves nothing either way."""
    assert [disproven(5, 20), disproven(1, 20), proven(1, 20)] == [True, False, False]
