"""The drafter by rules: a readable Markdown text from the brief's own words. It stands in for a model and says so.

It writes in English, Spanish or Urdu, as the brief is; around a brief in another language its own words are English.

It shows two weaknesses of real models on purpose. Where the brief leaves a figure open ("TBC", "??") it makes one up,
until a person's note is among the material. And a first draft covers at most `FIRST_DRAFT_ASKS` asks; with feedback,
or told by its instructions to leave nothing out, it covers all of them.
"""

import hashlib
import re
from collections.abc import Callable, Mapping

from sandbox.openai import frames, layout, reading
from sandbox.openai.frames import Frame

FIRST_DRAFT_ASKS = 6
_ENOUGH_WORDS = 115  # in the sections; with title, introduction and closing the draft then has 150 or more
_LONGEST_TOPIC = 18  # words
MOST_POINTS = 12
_INVENTIONS = (
    (re.compile(r"price|cost|fee|rate|pay|charge|[$€£]", re.IGNORECASE), ("49", "35", "79", "120")),
    (
        re.compile(r"hour|deliver|turnaround|within|time", re.IGNORECASE),
        ("24 hours", "48 hours", "36 hours", "72 hours"),
    ),
    (re.compile(r"discount|percent|%|share|growth", re.IGNORECASE), ("15 %", "25 %", "40 %", "60 %")),
    (
        re.compile(r"date|launch|open|start|deadline|when", re.IGNORECASE),
        ("the 14th", "the 21st", "the 27th", "the 9th"),
    ),
    (re.compile(""), ("250", "400", "650", "900")),
)
_THOROUGH = re.compile(
    r"\b(?:cover|answer|address|include) (?:every|all|each)\b|\bleave (?:nothing|none|no \w+) out\b", re.IGNORECASE
)
_UNIT = re.compile(r"\s*[A-Za-z%€£$]")
_REFUSAL = re.compile(
    r"\b(?:don['’]?t|do not|not|no|never|without|leave out|remove|drop|omit|invent\w*)\b", re.IGNORECASE
)


def write(system: str, material: Mapping[str, str]) -> str:
    """A Markdown draft of 150 to 300 words for an ordinary brief; the same input always gives the same text."""
    brief, kind = material.get("brief", ""), layout.task_type(system)
    if data := layout.data_format(system):
        return layout.data(data, brief)
    wanted = reading.asks(brief) or ["The work that is to be agreed"]
    first = not (material.get("feedback") or material.get("note") or _THOROUGH.search(system))
    if first and kind not in {"Data-transform", "Transcription"}:
        wanted = wanted[:FIRST_DRAFT_ASKS]
    frame = frames.of(brief)
    points = [_settle(_statement(ask, frame), material, frame) for ask in wanted]
    shape = frame.shapes[kind]
    heading = layout.title(points[0])
    introduced = points[0] != wanted[0] and len(points[0].split()) <= _LONGEST_TOPIC
    about = frame.about.format(topic=_topic(points[0], brief)) if introduced else ""
    intro = shape.intro.format(about=about, readers=_readers(brief, heading, frame))
    told = points[1:] if introduced and len(points) > 2 else points
    begins, closes = f"# {heading}\n\n{intro}\n\n", f"\n\n## {shape.closing_title}\n\n{shape.closing}\n"
    length = reading.length(brief)
    if length is None or kind in {"Data-transform", "Transcription"}:
        return begins + _body(kind, told, brief, _ENOUGH_WORDS, frame) + closes
    return _of_length(
        length, f"# {heading}\n\n", begins, closes, lambda n, enough: _body(kind, told[:n], brief, enough, frame)
    )


def _of_length(length: int, short: str, begins: str, closes: str, body: Callable[[int, int], str]) -> str:
    """The text with as many points as fit into so many words; what frames it is left out first."""
    for start, end in ((begins, closes), (short, "\n")):
        room = length - len(f"{start} {end}".split())
        for points in range(MOST_POINTS, 0, -1):
            text = start + body(points, room) + end
            if len(text.split()) <= length * 1.15:
                return text
    return text


def _body(kind: str, points: list[str], brief: str, enough: int, frame: Frame) -> str:
    if kind == "Data-transform":
        return layout.table(brief, points)
    if kind == "Transcription":
        return layout.transcript(points)
    return _sections(frame.shapes[kind], points, brief, enough, frame)


def _statement(ask: str, frame: Frame) -> str:
    """The ask as something that can stand in a text: without "write a page about" and the like."""
    plain = frame.request.sub("", ask, count=1).strip() or ask
    return plain[0].upper() + plain[1:]


def _topic(point: str, brief: str) -> str:
    """The first point as it reads inside a sentence: in lower case unless the brief never writes the word so."""
    point = point.rstrip("?")
    first, _, rest = point.partition(" ")
    return f"{first.lower()} {rest}".strip() if re.search(rf"\b{re.escape(first.lower())}\b", brief) else point


def _readers(brief: str, heading: str, frame: Frame) -> str:
    readers = reading.directive(brief, "audience", "reader", "readers")
    return frame.readers.format(readers=readers) if readers and readers.lower() not in heading.lower() else ""


def _settle(point: str, material: Mapping[str, str], frame: Frame) -> str:
    """Deal with a figure that the brief leaves open: take the client's answer, else invent one, or, when a person has
    spoken, follow the note.
    """
    if not reading.OPEN_FIGURE.search(point):
        return point
    if answered := reading.answer(material["brief"], point):
        return reading.OPEN_FIGURE.sub(lambda _: answered, point)
    note = material.get("note", "")
    if not note:
        return reading.OPEN_FIGURE.sub(
            lambda gap: _invention(point, material, unit=not _UNIT.match(point, gap.end())), point
        )
    given = next((s for s in reading.sentences(note) if reading.figures(s) and not _REFUSAL.search(s)), None)
    if given:
        return given.rstrip(".!")
    without = " ".join(reading.OPEN_FIGURE.sub("", point).replace("()", "").split()).rstrip(" :=(,–-")
    return frame.later.format(point=without)


def _invention(point: str, material: Mapping[str, str], *, unit: bool) -> str:
    """A fitting figure that is not in the brief, with its own `unit` if wanted; another one after each criticism."""
    candidates = next(options for pattern, options in _INVENTIONS if pattern.search(point))
    known = reading.known_figures(material["brief"])
    free = [option for option in candidates if reading.figures(option)[0] not in known] or ["987"]
    chosen = free[len(material.get("feedback", "")) % len(free)]
    return chosen if unit else reading.figures(chosen)[0]


def _sections(shape: layout.Shape, points: list[str], brief: str, enough: int, frame: Frame) -> str:
    """One section for each point, filled up with plain sentences until the draft has enough words: each is used once,
    where a length is asked for at most three times.
    """
    paragraphs = [layout.paragraph(point, frame.unanswered, frame.stop) for point in points]
    start = hashlib.sha256(brief.encode()).digest()[0] % len(frame.follow_on)
    follow_ons = frame.follow_on[start:] + frame.follow_on[:start]
    for turn, follow_on in enumerate(follow_ons * (1 if enough == _ENOUGH_WORDS else 3)):
        if len(" ".join(paragraphs).split()) >= enough:
            break
        place, round_ = turn % len(paragraphs), turn // len(paragraphs)
        paragraphs[place] += ("\n\n" if "\n- " in paragraphs[place] or round_ % 3 == 2 else " ") + follow_on
    titles = [shape.section.format(title=layout.title(point)) for point in points]
    return "\n\n".join(f"## {title}\n\n{text}" for title, text in zip(titles, paragraphs, strict=True))
