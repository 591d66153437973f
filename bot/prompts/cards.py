"""What admins see of prompts and their versions."""

from collections.abc import Collection, Sequence

from bot.access.model import Permission, Person
from bot.kernel.card import Button, Card, Document, Lines, escape, first_lines
from bot.kernel.words import clock, count
from bot.prompts.diff import SHOWN, as_file, compare, marked
from bot.prompts.model import ALL_TYPES, Record, Template, Version, choose

TEXT_OPEN = "Still open: the text of the new prompt. Write it, or send it as an .md file; /stop ends it."
CHANGELOG_OPEN = "Still open: what does the new prompt change, and why? Write one line; /stop ends it."


def label(purpose: str, task_type: str) -> str:
    """ "Draft · Research", "Judge · all types"."""
    return f"{purpose.capitalize()} · {task_type or 'all types'}"


def _headline(version: Version) -> str:
    state = "In use" if version.active else "Not in use"
    return f"{label(version.purpose, version.task_type)} · Version {version.version} · {state}"


def listing(versions: Sequence[Version]) -> Card:
    """What is in use, by purpose and type."""
    lines = Lines(f"Prompts · {len(versions)} in use")
    for version in versions:
        lines.add(
            f"/prompt_{version.id} {label(version.purpose, version.task_type)}: version {version.version}, "
            f"{version.created_at:%d %b}"
        )
    return Card(str(lines.add("A type without its own has the one for all types. New one: /prompt draft Research")))


def details(
    version: Version, who: Person, *, author: str, did: str, active: Collection[Version], previous: Version | None
) -> Card:
    """One version: what it changed, who wrote it and when, how it does, and what one can do with it."""
    in_use = next((v for v in active if (v.purpose, v.task_type) == (version.purpose, version.task_type)), None)
    lines = Lines(_headline(version)).add(escape(version.changelog))
    lines.add(f"By {escape(author)}, {version.created_at:%d %b %Y} {clock(version.created_at)}" if author else
              f"{version.created_at:%d %b %Y} {clock(version.created_at)}")  # fmt: skip
    lines.add(did)
    lines.add(f"<blockquote expandable>{first_lines(version.system, 600)}</blockquote>")
    look = [Button("Whole text", "ptext", version.id), Button("Versions", "plist", version.id)]
    others = {other.version: other for other in (previous, in_use) if other is not None and other.id != version.id}
    compare = [Button(f"Compare with {number}", "pdiff", version.id, number) for number in sorted(others)]
    rows = [tuple(look), tuple(compare)]
    if who.may(Permission.CHANGE_PROMPTS):
        seen = in_use.version if in_use else 0
        if not version.active:
            use = Button("Use this", "puse", version.id, seen)
            rows.append((*_duel(version, choose(active, version.purpose, version.task_type)), use))
        elif version.task_type != ALL_TYPES:
            rows.append((Button("Use the one for all types", "prest", version.id),))
    return Card(str(lines), tuple(row for row in rows if row))


def _duel(version: Version, in_use: Version | None) -> tuple[Button, ...]:
    """A type's own drafting version can meet the one that serves the type, on live briefs."""
    if version.purpose != "draft" or version.task_type == ALL_TYPES or in_use is None:
        return ()
    return (Button("Start a duel", "duel", version.id, in_use.id),)


def drafting_record(record: Record) -> str:
    """How a drafting prompt did, in a line."""
    if not record.drafts:
        return "No draft was made with it yet."
    words = count(record.drafts, "draft")
    if record.mean_score is not None:
        words += f", {record.mean_score:.1f} points on average"
    if record.decided:
        words += f"; people decided on {record.decided} and turned {record.turned_back} back"
    return words


def calls_record(calls: int, days: int) -> str:
    """How often another prompt was used, in a line."""
    return f"{count(calls, 'call')} in the last {days} days" if calls else f"Not used in the last {days} days"


def versions(
    purpose: str, task_type: str, page: Sequence[Version], rows: tuple[tuple[Button, ...], ...], who: Person
) -> Card:
    """A page of the versions for a purpose and type."""
    lines = Lines(f"{label(purpose, task_type)} · Versions")
    for version in page:
        state = " <b>in use</b>" if version.active else ""
        lines.add(f"/prompt_{version.id} version {version.version}{state}: {first_lines(version.changelog, 80)}")
    if who.may(Permission.CHANGE_PROMPTS):
        lines.add(f"New one: /prompt {purpose} {task_type}".rstrip())
    return Card(str(lines), rows)


def difference(old: Version, new: Version) -> Card:
    """What changed from one version to another; as a file where it is longer than a card."""
    lines = Lines(f"{label(new.purpose, new.task_type)} · Version {old.version} to {new.version}")
    pieces = compare(old.system, new.system)
    if all(piece.kind == "same" for piece in pieces):
        return Card(str(lines.add("They say the same, word for word.")))
    shown = marked(pieces)
    if len(shown) <= SHOWN:
        return Card(str(lines.add("Added in bold, taken out struck through.").add(shown)))
    name = f"prompt-{new.name.replace('/', '-')}-from-{old.version}.diff"
    document = Document(name, as_file(old.system, new.system, old.name, new.name))
    return Card(str(lines.add("The difference is longer than a message, so it is in the file.")), document=document)


def ask_text(template: Template, task_type: str, in_use: Version | None) -> Card:
    """Ask for the text of a new version."""
    lines = Lines(f"New prompt · {label(template.purpose, task_type)}")
    lines.add("Your next message is the whole text; or send it as an .md file.")
    names = ", ".join(f"<code>{{{name}}}</code>" for name in sorted(template.placeholders))
    lines.add(f"Filled in for each call: {names}")
    for kept in template.keeps:
        lines.add(f"It keeps the sentence: <i>{escape(kept)}</i>")
    stop = Button("Never mind", "bstop", choice="prompt")
    row = (stop,) if in_use is None else (stop, Button("Text in use", "ptext", in_use.id))
    return Card(str(lines), (row,))


def ask_changelog(purpose: str, task_type: str) -> Card:
    """The text is fine: ask for its changelog."""
    lines = Lines(f"New prompt · {label(purpose, task_type)} · The text is fine")
    lines.add("What does it change, and why? One line, for example: asks for the reader first.")
    return Card(str(lines), ((Button("Never mind", "bstop", choice="prompt"),),))


def confirm(version: Version, seen: int) -> Card:
    """Ask once more before a version is put in use."""
    lines = Lines(f"{label(version.purpose, version.task_type)} · Put version {version.version} in use?")
    scope = f"{version.task_type} briefs" if version.task_type else "briefs of every type that has none of its own"
    lines.add(f"From then on it counts for {scope}, also those under way.")
    lines.add(f"It replaces version {seen}, which is kept." if seen else "The one for all types serves them now.")
    return Card(
        str(lines),
        (
            (Button("Leave it", "pshow", version.id),),
            (Button(f"Use version {version.version}", "puseyes", version.id, seen),),
        ),
    )


def confirm_rest(version: Version) -> Card:
    """Ask once more before a type goes back to the version for all types."""
    lines = Lines(f"{label(version.purpose, version.task_type)} · Use the one for all types?")
    lines.add(f"It serves {version.task_type} briefs from then on; version {version.version} is kept.")
    leave, yes = Button("Leave it", "pshow", version.id), Button("Use the one for all", "prestyes", version.id)
    return Card(str(lines), ((leave,), (yes,)))


def whole_text(version: Version) -> Card:
    """The text as a file."""
    name = f"prompt-{version.name.replace('/', '-')}.md"
    words = f"{label(version.purpose, version.task_type)}, version {version.version}"
    return Card(escape(words), document=Document(name, version.system + "\n"))
