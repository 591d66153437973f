"""How the rules read a text: sentences, asks, key terms, figures and names. Plain pattern matching, no model."""

import re

_BULLET = re.compile(r"^\s*(?:[-*•–]|\d{1,2}[.)])\s+(?:\[[ xX]\]\s+)?")
_SENTENCE_END = re.compile(r"(?<=[.!?;])\s+(?=[A-ZÁÉÍÓÚÑ0-9\"“(*¿¡])|(?<=[۔؟])\s+")
_FIGURE = re.compile(r"\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?")
_WORD = re.compile(r"[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ'’-]*|[^\W\d_A-Za-zÀ-ÿ]+")
_NAME = re.compile(r"\b[A-Z][a-zà-ÿ]{2,}\b")
_SEGMENT_END = re.compile(r"[.!?:|•\n\"“”()]+")
OPEN_FIGURE = re.compile(
    r"\b(?:TBC|TBD|TBA)\b|\bto be (?:confirmed|decided|announced|determined)\b|\?{2,}", re.IGNORECASE
)
_TO_THE_MODEL = re.compile(
    r"ignore (?:all |any |your |the |previous |prior )+\w*\s*(?:instruction|rule|prompt)"
    r"|disregard (?:all|your|the|previous)|system prompt|you are now\b"
    r"|(?:score|rate|give) (?:it |this |yourself |me )?(?:\w+ )?(?:a )?100\b",
    re.IGNORECASE,
)
_ANSWERS = re.compile(r"^## Answers$.*?(?=^## |\Z)", re.DOTALL | re.MULTILINE)
_ATTACHED = re.compile(r"^## Attached: .*$", re.MULTILINE)
_DIRECTIVE = re.compile(
    r"^(?:tone|style|voice|length|format|audience|readers?|deadline|language|due|word count)\s*:", re.IGNORECASE
)
_STOP_WORDS = (
    "about above after again also another because been before being below between both could does doing down during"
    " each from further have having here into itself just more most must need only other over please same shall should"
    " some such than that their them then there these they this those through under until very want were what when"
    " where which while will with would your write draft prepare create make include mention cover explain describe"
    " give list add say tell short brief page piece text send keep"
    " escribe escribir redacta prepara menciona incluye explica describe texto página portada producto breve"
    " corto corta para sobre desde hasta como cada este esta estos estas donde cuando también pero porque"
    " لکھیں مختصر صفحہ صفحے سائٹ پروڈکٹ"
)
_STOP = frozenset(_STOP_WORDS.split())
_SPELLED = "zero one two three four five six seven eight nine ten eleven twelve"
_NUMBER_WORDS = {word: str(number) for number, word in enumerate(_SPELLED.split())} | {
    "fifteen": "15",
    "twenty": "20",
    "thirty": "30",
    "fifty": "50",
    "hundred": "100",
}
_LENGTH = re.compile(r"\b(\d[\d,]{1,5})[ -]words?\b", re.IGNORECASE)
_SHORT_BRIEF = 40  # words: most of such a one may stand in a good text


def lines(text: str) -> list[str]:
    """The non-empty lines without their bullets or numbers."""
    return [_BULLET.sub("", line).strip() for line in text.splitlines() if line.strip()]


def sentences(text: str) -> list[str]:
    """The sentences of a text, line by line."""
    return [part.strip() for line in lines(text) for part in _SENTENCE_END.split(line) if part.strip()]


def addresses_the_model(text: str) -> bool:
    """Whether the text tries to instruct a model instead of describing the work."""
    return _TO_THE_MODEL.search(text) is not None


def asks(brief: str) -> list[str]:
    """What the brief wants covered, one sentence or bullet each.

    Directives, attempts at injection, the headings of files, and questions with their answers are left out.
    """
    found = []
    for sentence in sentences(_ATTACHED.sub("", _ANSWERS.sub("", brief))):
        plain = sentence.strip("# *_").rstrip(".;!۔ ")
        if _DIRECTIVE.match(plain) or addresses_the_model(plain) or not key_terms(plain):
            continue
        found.append(plain)
    return found


def answer(brief: str, point: str) -> str:
    """What the client answered to the question that quotes this point; "" where it was not asked or answered."""
    section = _ANSWERS.search(brief)
    for line in lines(section[0]) if section else []:
        quoted, _, answered = line.partition("”? ")
        if point.lower() in quoted.lower():
            return answered.strip(" .")
    return ""


def directive(brief: str, *names: str) -> str:
    """The rest of the line that begins with one of these labels ("Audience: ..."), or nothing."""
    for sentence in sentences(brief):
        label, colon, rest = sentence.partition(":")
        if colon and label.strip("# *_").lower() in names:
            return rest.strip(" .")
    return ""


def key_terms(text: str) -> set[str]:
    """Stems (five letters) of the words that carry the meaning."""
    return {word.lower()[:5] for word in _WORD.findall(text) if len(word) > 3 and word.lower() not in _STOP}


def figures(text: str) -> list[str]:
    """The numbers in the order of the text, without thousands separators; list numbering does not count."""
    return [_plain(figure) for line in lines(text) for figure in _FIGURE.findall(line)]


def known_figures(text: str) -> set[str]:
    """Figures, and number words as figures."""
    spelled = {_NUMBER_WORDS[word] for word in re.findall(r"[a-z]+", text.lower()) if word in _NUMBER_WORDS}
    return {*figures(text), *spelled}


def names(text: str) -> list[str]:
    """Capitalised words inside sentences; headings and the first word of a sentence do not count."""
    found = []
    for line in text.splitlines():
        if line.lstrip().startswith("#"):
            continue
        for segment in _SEGMENT_END.split(_BULLET.sub("", line).replace("*", "")):
            first, _, rest = segment.strip().partition(" ")
            found.extend(_NAME.findall(rest) if first else [])
    return found


def words(text: str) -> list[str]:
    """The words of a text."""
    return _WORD.findall(text)


def length(brief: str) -> int | None:
    """How many words the brief asks for; None where it does not say."""
    found = _LENGTH.search(brief)
    return int(found.group(1).replace(",", "")) if found else None


def gives_back(draft: str, brief: str) -> bool:
    """Whether most of the brief stands in the draft in one piece."""
    asked, said = ([word.lower() for word in re.findall(r"[^\W_]+", text)] for text in (brief, draft))
    most = len(asked) if len(asked) < _SHORT_BRIEF else len(asked) * 2 // 3
    whole = f" {' '.join(said)} "
    return most > 0 and any(f" {' '.join(asked[n : n + most])} " in whole for n in range(len(asked) - most + 1))


def _plain(figure: str) -> str:
    figure = figure.replace(",", "").rstrip(".")
    return figure.rstrip("0").rstrip(".") if "." in figure else figure
