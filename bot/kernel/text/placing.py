"""Words whose place, or a line through them, says something: as plain text 10⁶ would be 106."""

_RAISED = str.maketrans("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ")
_LOWERED = str.maketrans("0123456789+-−=()aeox", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₒₓ")


def raised(words: str) -> str:
    """ "6" in 10⁶; letters as they are: the "st" of 1st is raised for its looks."""
    return words if not any(map(str.isdigit, words)) else above(words)


def lowered(words: str) -> str:
    """ "2" in H₂O; letters as they are."""
    return words if not any(map(str.isdigit, words)) else below(words)


def struck(words: str) -> str:
    """Words with a line through them; the space around them has none."""
    bare = words.strip()
    return words.replace(bare, f"~~{bare}~~", 1) if bare else words


def placed(words: str, height: float, *, line: bool) -> str:
    """Words that stand so high above their line (under 0: below it), perhaps with a line through them."""
    told = raised(words) if height > 0 else lowered(words) if height < 0 else words
    return struck(told) if line else told


def above(words: str) -> str:
    """Words above their line, in signs that stand so by themselves where there are any, else behind a ^."""
    made = words.translate(_RAISED)
    return made if all(mark not in made for mark in words) else f"^{whole(words)}" if words.strip() else ""


def below(words: str) -> str:
    """Words below their line, likewise, else behind a _."""
    made = words.translate(_LOWERED)
    return made if all(mark not in made for mark in words) else f"_{whole(words)}" if words.strip() else ""


def whole(words: str) -> str:
    """In parentheses unless it is one word or number."""
    return words if not words or words.replace(".", "").isalnum() else f"({words})"
