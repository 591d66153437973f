"""What one draft says otherwise than the one before."""

from hypothesis import given
from hypothesis import strategies as st

from bot.prompts.diff import CONTEXT, compare, marked
from sandbox.telegram.entities import parse_html

TEXT = st.lists(
    st.sampled_from(["Nordwind", "carries", "48", "hours.", "a & b", "<b>", "\n\n", "!", "# Title\n"]), max_size=40
)


def words(text: str) -> list[str]:
    return text.split()


@given(before=TEXT, after=TEXT)
def test_nothing_is_lost(before: list[str], after: list[str]) -> None:
    """What stayed and what was removed are the earlier draft; what stayed and what was added are the later one."""
    old, new = " ".join(before), " ".join(after)
    pieces = compare(old, new)
    assert words(" ".join(p.text for p in pieces if p.kind != "added")) == words(old)
    assert words(" ".join(p.text for p in pieces if p.kind != "removed")) == words(new)


@given(before=TEXT, after=TEXT)
def test_marked_is_well_formed(before: list[str], after: list[str]) -> None:
    """The marked difference is HTML that Telegram takes, whatever stands in the drafts."""
    parse_html(marked(compare("".join(before), "".join(after))))


def test_context_is_trimmed() -> None:
    """Of what stayed, a few words on either side of a change are shown; an ellipsis stands for the rest."""
    filler = "word " * 100
    shown = marked(compare(f"Start. {filler}old {filler}end.", f"Start. {filler}new {filler}end."))
    assert "<s>old</s> <b>new</b>" in shown
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert len(shown) < 2 * CONTEXT + 40
