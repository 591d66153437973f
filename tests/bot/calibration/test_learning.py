"""What labels say of a line."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.calibration.agreement import proven
from bot.calibration.learning import Count, Judged, Shadow, propose, shadow

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def passed(number: int, points: int, *, bad: int = 0, audited: bool = True) -> list[Judged]:
    """Drafts that passed at 80; of the audited ones, `bad` were turned down."""
    return [Judged(points * 100, True, False, n >= bad if audited else None, NOON) for n in range(number)]


def held(number: int, points: int, *, bad: int = 0, bound: bool = False) -> list[Judged]:
    """Drafts that people decided on."""
    return [Judged(points * 100, False, bound, n >= bad, NOON) for n in range(number)]


def test_12_of_59() -> None:
    """With 12 clean audits nothing is proven and the line stays, however good the drafts under it were."""
    proposal = propose(passed(12, 85) + passed(300, 85, audited=False) + held(400, 79), 80)
    assert (proposal.target, proposal.proven, proposal.too_bad) == (80, False, False)
    assert (proposal.audits, proposal.audits.needed) == (Count(0, 12), 59)


def test_lowered_as_far_as_is_proven() -> None:
    """59 clean audits, and 59 good drafts of 78 and 79 points that people let out: 78. With 59 more under it: 76."""
    rows = passed(59, 85) + held(59, 78)
    assert propose(rows, 80).target == 78
    assert propose(rows, 80).band == Count(0, 59)
    assert propose(rows + held(59, 76), 80).target == 76
    assert propose(rows + held(59, 76, bad=3), 80).target == 78
    assert propose(passed(59, 85) + held(58, 78), 80).target == 80
    assert propose(passed(59, 85) + held(100, 78, bad=1), 80).target == 80


def test_what_no_line_lets_through_proves_nothing() -> None:
    """Drafts that a floor or a flag sent to a person say nothing of a lower line, nor do those of an earlier one."""
    assert propose(passed(59, 85) + held(59, 78, bound=True), 80).target == 80
    rows = passed(59, 85) + held(59, 78)
    assert propose(rows, 80, NOON).target == 78
    later = propose(rows, 80, NOON + timedelta(seconds=1))
    assert (later.target, later.audits) == (80, Count(0, 0))


def test_raised_where_audits_find_bad_ones() -> None:
    """8 bad of 40 audits raise the line to where none of them was, by four points at most."""
    assert propose(passed(8, 80, bad=8) + passed(32, 90), 80).target == 81
    assert propose(passed(8, 82, bad=8) + passed(32, 90), 80).target == 83
    assert propose(passed(8, 95, bad=8) + passed(32, 90), 80).target == 84
    assert propose(passed(1, 80, bad=1) + passed(30, 90), 80).target == 80
    assert propose(passed(8, 98, bad=8) + passed(32, 98), 98).target == 98


def test_few_labels_propose_nothing() -> None:
    """Of fewer than 20 labels nothing is proposed, however bad they are; one more label, and the line is raised."""
    rows = passed(6, 81, bad=6) + passed(13, 90)
    assert (propose(rows, 80).target, propose(rows, 80).too_bad) == (80, False)
    assert propose(rows + passed(1, 90), 80).target == 82


ROWS = st.lists(
    st.builds(
        Judged, st.none() | st.integers(7000, 9500), st.booleans(), st.booleans(), st.none() | st.booleans(),
        st.just(NOON),
    ),
    max_size=60,
)  # fmt: skip


@given(ROWS, st.integers(0, 120), st.integers(0, 120), st.integers(60, 95))
def test_no_line_falls_without_proof(rows: list[Judged], audited: int, decided: int, present: int) -> None:
    """Whatever the rows say, a lower line has its proof twice: of the present line, and of what it would newly let
    through; and it is never lower than 60.
    """
    proposal = propose(rows + passed(audited, 95) + held(decided, present - 1), present)
    assert 60 <= proposal.target <= 98 or proposal.target == present
    if proposal.target < present:
        assert proven(proposal.audits.bad, proposal.audits.total)
        assert proven(proposal.band.bad, proposal.band.total)


def test_shadow() -> None:
    """The past under 78: three of 79 more, of which people turned one down; under 86, those of 85 fewer."""
    rows = (
        passed(10, 85, audited=False)
        + passed(2, 85, bad=1)
        + held(3, 79, bad=1)
        + held(5, 70)
        + held(9, 79, bound=True)
    )
    assert shadow(rows, 78, 80) == Shadow(29, 12, more=3, more_read=3, more_bad=1, fewer=0, fewer_read=0, fewer_bad=0)
    assert shadow(rows, 86, 80) == Shadow(29, 12, more=0, more_read=0, more_bad=0, fewer=12, fewer_read=2, fewer_bad=1)
