"""How a draft by rules is laid out for each task type, and the plain sentences that carry it."""

import csv
import io
import json
import re
from dataclasses import dataclass

from sandbox.openai import reading

_TYPES = ("Data-transform", "Transcription", "Research", "Drafting", "Other")
_DANGLING = re.compile(
    r"(?i)the|an?|and|or|of|to|for|in|on|at|by|with|from|is|are|our|your|that|within|\d+"
    r"|el|la|los|las|una?|y|o|de|del|al|para|en|con|por|que|se|su|cada|hasta|está|کے|کی|کا|کو|سے|میں|پر|تک|نے|اور|ایک|یہ|اس|جو"
)
_CLAUSE_END = re.compile(r"[:;,.،۔]\s|\s[(–]|\s(?:so that|because|which|for our|for the|porque|aunque)\s")


@dataclass(frozen=True)
class Shape:
    """One task type's frame: `{about}`, `{readers}` and `{title}` are filled in by the drafter."""

    intro: str
    section: str
    closing_title: str
    closing: str


SHAPES = {
    "Research": Shape(
        "This note sets out what is known{about}{readers}. Each finding is kept apart from the next.",
        "Finding: {title}",
        "What remains open",
        "The findings rest on what was handed in. Where a source is missing, it should be checked before it is quoted.",
    ),
    "Data-transform": Shape(
        "The material{about} is put into one table{readers}. Every row comes from the brief; none is added.",
        "{title}",
        "Notes",
        "The wording of each entry is kept as it was given. The rows stand in the order of the brief, so that the two"
        " can be compared line by line.",
    ),
    "Transcription": Shape(
        "A clean copy of the recording{about}{readers}. Fillers are left out and the order is kept.",
        "{title}",
        "A note on the copy",
        "The passages above follow the recording. Anything that was unclear is best confirmed with the speaker.",
    ),
    "Drafting": Shape(
        "Here is what you need to know{about}{readers}. The main points follow, one section for each.",
        "{title}",
        "Next step",
        "Thank you for reading. If anything is unclear, a short reply is enough and you will get a plain answer.",
    ),
    "Other": Shape(
        "Below is a short piece{about}{readers}, with one section for each point that was asked for.",
        "{title}",
        "In short",
        "That is the whole of it. Each part can be changed without touching the others.",
    ),
}
FOLLOW_ON = (
    "In practice this means fewer questions later and a clear place to start.",
    "It is stated once and plainly, so that it is easy to find again.",
    "Anyone who would like more detail is welcome to ask.",
    "If circumstances change, this is the part to update.",
    "It matters most to people who are reading about this for the first time.",
    "Nothing else is needed to act on it.",
    "A photo or a short example can be added here if it helps.",
    "This is the part to share with anyone who asks.",
    "Readers who already know it can move on without losing the thread.",
    "It is worth a second look before the work begins.",
    "The point is simple, and it is meant to stay that way.",
    "It fits with everything else on this page and needs no further step.",
    "Keep it at hand; it answers the question that is asked most often.",
)


def task_type(system: str) -> str:
    """The task type that the system prompt names: "Task type: X" first, else the first of the types in the text."""
    named = re.search(r"task type\W+([\w-]+)", system, re.IGNORECASE)
    text = (named.group(1) if named else system).lower().replace("data transform", "data-transform")
    types = _TYPES if named else _TYPES[:-1]
    found = [(text.find(name.lower()), name) for name in types if name.lower() in text]
    if found:
        return min(found)[1]
    return "Other" if named else "Drafting"


def title(point: str) -> str:
    """The first words of a point, cut where a clause ends, without a dangling small word or number."""
    chosen = _CLAUSE_END.split(point, maxsplit=1)[0].split()[:8]
    while len(chosen) > 1 and _DANGLING.fullmatch(chosen[-1]):
        chosen.pop()
    return " ".join(chosen).rstrip(":;,.،۔–-") or "The brief"


def paragraph(point: str, unanswered: str, stop: str) -> str:
    """A sentence, or a short list where the point is a label with several items. unanswered: what is said of a
    question. stop: what ends a sentence.
    """
    if point.endswith(("?", "؟")):
        return f"{point} {unanswered}"
    label, colon, rest = point.partition(": ")
    items = [item.strip() for item in re.split(r",(?!\d)", rest)] if colon else []
    if len(items) >= 3:
        return f"{label}:\n\n" + "\n".join(f"- {item.removeprefix('and ')}" for item in items)
    return f"{shortened(point)}{stop}"


def shortened(point: str, longest: int = 22) -> str:
    """A long sentence cut in two at a comma."""
    if len(point.split()) <= longest:
        return point
    for comma in re.finditer(r", (?:and |but |so )?", point):
        if len(point[: comma.start()].split()) >= longest // 3:
            rest = point[comma.end() :]
            return f"{point[: comma.start()]}. {shortened(rest[:1].upper() + rest[1:])}"
    return point


def table(brief: str, points: list[str]) -> str:
    """A Markdown table: of the brief's records ("Name: Ali, City: Lahore" or CSV) if it has any, else of its points."""
    return _markdown(*(_records(brief) or (["Item", "Content"], [[title(point), point] for point in points])))


def _records(brief: str) -> tuple[list[str], list[list[str]]] | None:
    """The columns and rows of the brief's records, if it has any."""
    records = [record for line in reading.lines(brief) if (record := _record(line))]
    if records:
        columns = list(dict.fromkeys(key for record in records for key in record))
        return columns, [[record.get(column, "") for column in columns] for record in records]
    comma_separated = [re.split(r"\s*[,;\t|]\s*(?!\d{3}\b)", line) for line in reading.lines(brief)]
    widest = max((len(cells) for cells in comma_separated), default=0)
    rows = [cells for cells in comma_separated if len(cells) == widest]
    return (rows[0], rows[1:]) if widest >= 3 and len(rows) >= 2 else None


def data_format(system: str) -> str:
    """csv, json or markdown where the system prompt wants nothing but that; else nothing."""
    found = re.search(r"nothing but (?:one table in )?(csv|json|markdown)", system, re.IGNORECASE)
    return found[1].lower() if found else ""


def data(form: str, brief: str) -> str:
    """The brief's records, or its lines where it has none, in that format and nothing around it."""
    columns, rows = _records(brief) or (
        ["Number", "Content"],
        [[str(n), t] for n, t in enumerate(reading.lines(brief), 1)],
    )
    if form == "markdown":
        return _markdown(columns, rows)
    if form == "json":
        return json.dumps([dict(zip(columns, row, strict=True)) for row in rows], ensure_ascii=False, indent=2)
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([columns, *rows])
    return out.getvalue()


def transcript(points: list[str]) -> str:
    """Paragraphs of three sentences, then the points as a list."""
    spoken = [f"{point}{'' if point.endswith('?') else '.'}" for point in points]
    passages = [" ".join(spoken[start : start + 3]) for start in range(0, len(spoken), 3)]
    listed = "\n".join(f"- {title(point)}" for point in points)
    return "## Transcript\n\n" + "\n\n".join(passages) + f"\n\n## Key points\n\n{listed}"


def _record(line: str) -> dict[str, str]:
    """`key: value, key: value` as a record of at least two fields, or nothing."""
    pairs = [part.partition(":") for part in re.split(r",\s+", line)]
    if len(pairs) < 2 or not all(colon and value.strip() for _, colon, value in pairs):
        return {}
    return {key.strip(): value.strip() for key, _, value in pairs}


def _markdown(columns: list[str], rows: list[list[str]]) -> str:
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines)
