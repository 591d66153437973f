"""What admins see of prompts and their versions."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from bot.access.model import Permission, Person
from bot.kernel.card import Button, Card, Document, Lines, escape, first_lines
from bot.kernel.text.words import clock
from bot.kernel.translation import date, decimal, ngettext, number
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.prompts.diff import SHOWN, as_file, compare, marked
from bot.prompts.model import ALL_TYPES, Details, Record, Template, Version, choose

TEXT_OPEN = N_("Still open: the text of the new prompt. Write it, or send it as an .md file; /stop ends it.")
CHANGELOG_OPEN = N_("Still open: what does the new prompt change, and why? Write one line; /stop ends it.")
# Translators: what a model does when it is told a prompt.
PURPOSES: Mapping[str, str] = {"draft": N_("Draft"), "intake": N_("Intake"), "judge": N_("Judge")}


def label(purpose: str, task_type: str) -> str:
    """ "Draft · Research", "Judge · all types"."""
    return f"{_(PURPOSES.get(purpose, purpose))} · {type_words(task_type)}"


def type_words(task_type: str) -> str:
    """ "Research"; "all types" for "" """
    return _(task_type) if task_type else _("all types")


def _headline(version: Version) -> str:
    whose = label(version.purpose, version.task_type)
    if version.active:
        return _("{prompt} · Version {version} · In use", prompt=whose, version=version.version)
    return _("{prompt} · Version {version} · Not in use", prompt=whose, version=version.version)


def changelog_of(version: Version) -> str:
    """The changelog; that of a version that came with the program is a sentence of ours."""
    return _(version.changelog) if version.author_id is None else version.changelog


def listing(versions: Sequence[Version]) -> Card:
    """What is in use, by purpose and type."""
    lines = Lines(ngettext("Prompts · {n} in use", "Prompts · {n} in use", len(versions)))
    for version in versions:
        lines.add(
            _(
                "/prompt_{id} {prompt}: version {version}, {day}",
                id=version.id,
                prompt=label(version.purpose, version.task_type),
                version=version.version,
                day=date(version.created_at, "dd MMM"),
            )
        )
    return Card(
        str(lines.add(_("A type without its own prompt uses the one for all types. New one: /prompt draft Research")))
    )


def details(of: Details, who: Person) -> Card:
    """One version: what it changed, who wrote it and when, how it does, and what one can do with it."""
    version, active, author = of.version, of.active, of.author
    in_use = next((v for v in active if (v.purpose, v.task_type) == (version.purpose, version.task_type)), None)
    lines = Lines(_headline(version)).add(escape(changelog_of(version)))
    at = f"{date(version.created_at, 'dd MMM yyyy')} {clock(version.created_at)}"
    lines.add(_("By {name}, {time}", name=escape(author), time=at) if author else at)
    lines.add(calls_record(of.calls, of.days) if of.record is None else drafting_record(of.record))
    lines.add(f"<blockquote expandable>{first_lines(version.system, 600)}</blockquote>")
    look = [Button(_("Whole text"), "ptext", version.id), Button(_("Versions"), "plist", version.id)]
    others = {other.version: other for other in (of.previous, in_use) if other is not None and other.id != version.id}
    compare = [Button(_("Compare with {version}", version=one), "pdiff", version.id, one) for one in sorted(others)]
    rows = [tuple(look), tuple(compare)]
    if who.may(Permission.CHANGE_PROMPTS):
        seen = in_use.version if in_use else 0
        if not version.active:
            use = Button(_("Use this"), "puse", version.id, seen)
            rows.append((*_duel(version, choose(active, version.purpose, version.task_type)), use))
        elif version.task_type != ALL_TYPES:
            rows.append((Button(_("Use the one for all types"), "prest", version.id),))
    return Card(str(lines), tuple(row for row in rows if row))


def _duel(version: Version, in_use: Version | None) -> tuple[Button, ...]:
    """A type's own drafting version can meet the one that serves the type, on live briefs."""
    if version.purpose != "draft" or version.task_type == ALL_TYPES or in_use is None:
        return ()
    return (Button(_("Start a duel"), "duel", version.id, in_use.id),)


def drafting_record(record: Record) -> str:
    """How a drafting prompt did, in a line."""
    if not record.drafts:
        return _("No draft was made with it yet.")
    words = ngettext("{n} draft", "{n} drafts", record.drafts)
    if record.mean_score is not None:
        mean = decimal(Decimal(record.mean_score), 1)
        words = _("{drafts}, {points} points on average", drafts=words, points=mean)
    if not record.decided:
        return words
    # Translators: of the drafts that people decided on, so many did not go out as they were.
    return _(
        "{drafts}; people decided on {decided} and sent {turned} back",
        drafts=words,
        decided=number(record.decided),
        turned=number(record.turned_back),
    )


def calls_record(calls: int, days: int) -> str:
    """How often another prompt was used, in a line."""
    if not calls:
        return ngettext("Not used in the last {n} day", "Not used in the last {n} days", days)
    return ngettext("{n} call in the last {days} days", "{n} calls in the last {days} days", calls, days=days)


def versions(
    purpose: str, task_type: str, page: Sequence[Version], rows: tuple[tuple[Button, ...], ...], who: Person
) -> Card:
    """A page of the versions for a purpose and type."""
    lines = Lines(_("{prompt} · Versions", prompt=label(purpose, task_type)))
    for version in page:
        changelog = first_lines(changelog_of(version), 80)
        lines.add(
            _("/prompt_{id} version {version} <b>in use</b>: {changelog}",
              id=version.id, version=version.version, changelog=changelog)
            if version.active
            else _("/prompt_{id} version {version}: {changelog}",
                   id=version.id, version=version.version, changelog=changelog)
        )  # fmt: skip
    if who.may(Permission.CHANGE_PROMPTS):
        lines.add(_("New one: {command}", command=f"/prompt {purpose} {task_type}".rstrip()))
    return Card(str(lines), rows)


def difference(old: Version, new: Version) -> Card:
    """What changed from one version to another; as a file where it is longer than a card."""
    whose = label(new.purpose, new.task_type)
    lines = Lines(_("{prompt} · Version {old} to {new}", prompt=whose, old=old.version, new=new.version))
    pieces = compare(old.system, new.system)
    if all(piece.kind == "same" for piece in pieces):
        return Card(str(lines.add(_("They are the same, word for word."))))
    shown = marked(pieces)
    if len(shown) <= SHOWN:
        return Card(str(lines.add(_("Added words are bold, removed ones struck through.")).add(shown)))
    name = f"prompt-{new.name.replace('/', '-')}-from-{old.version}.diff"
    document = Document(name, as_file(old.system, new.system, old.name, new.name))
    return Card(str(lines.add(_("The difference is longer than a message, so it is in the file."))), document=document)


def ask_text(template: Template, task_type: str, in_use: Version | None) -> Card:
    """Ask for the text of a new version."""
    lines = Lines(_("New prompt · {prompt}", prompt=label(template.purpose, task_type)))
    lines.add(_("Your next message is the whole text; or send it as an .md file."))
    names = ", ".join(f"<code>{{{name}}}</code>" for name in sorted(template.placeholders))
    lines.add(_("Filled in for each call: {names}", names=names))
    for kept in template.keeps:
        lines.add(_("It keeps the sentence: <i>{sentence}</i>", sentence=escape(kept)))
    stop = Button(_("Never mind"), "bstop", choice="prompt")
    row = (stop,) if in_use is None else (stop, Button(_("Text in use"), "ptext", in_use.id))
    return Card(str(lines), (row,))


def ask_changelog(purpose: str, task_type: str) -> Card:
    """The text is fine: ask for its changelog."""
    lines = Lines(_("New prompt · {prompt} · The text is fine", prompt=label(purpose, task_type)))
    lines.add(_("What does it change, and why? One line, for example: asks for the reader first."))
    return Card(str(lines), ((Button(_("Never mind"), "bstop", choice="prompt"),),))


def confirm(version: Version, seen: int) -> Card:
    """Ask once more before a version is put in use."""
    whose = label(version.purpose, version.task_type)
    lines = Lines(_("{prompt} · Put version {version} in use?", prompt=whose, version=version.version))
    if version.task_type:
        of_type = type_words(version.task_type)
        lines.add(_("It then counts for {type} briefs, also those under way.", type=of_type))
    else:
        lines.add(_("It then counts for briefs of every type without its own prompt, also those under way."))
    lines.add(
        _("It replaces version {version}, which is kept.", version=seen)
        if seen
        else _("The one for all types serves them now.")
    )
    return Card(
        str(lines),
        (
            (Button(_("Leave it"), "pshow", version.id),),
            (Button(_("Use version {version}", version=version.version), "puseyes", version.id, seen),),
        ),
    )


def confirm_retire(version: Version) -> Card:
    """Ask once more before a type goes back to the version for all types."""
    lines = Lines(_("{prompt} · Use the one for all types?", prompt=label(version.purpose, version.task_type)))
    lines.add(
        _(
            "It then counts for {type} briefs; version {version} is kept.",
            type=type_words(version.task_type),
            version=version.version,
        )
    )
    leave, yes = Button(_("Leave it"), "pshow", version.id), Button(_("Use the one for all"), "prestyes", version.id)
    return Card(str(lines), ((leave,), (yes,)))


def whole_text(version: Version) -> Card:
    """The text as a file."""
    name = f"prompt-{version.name.replace('/', '-')}.md"
    words = _("{prompt}, version {version}", prompt=label(version.purpose, version.task_type), version=version.version)
    return Card(escape(words), document=Document(name, version.system + "\n"))
