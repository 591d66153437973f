"""How a training audit reads."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from bot.calibration.cards import agreement, probes_caught, proven_scores
from bot.kernel.card import Button, Card, Document
from bot.kernel.text import played
from bot.kernel.text.csv_table import Cell, table
from bot.kernel.text.words import clock, in_a_row
from bot.kernel.translation import decimal, local, ngettext, number
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.messages.mails import MailMessage
from bot.prompts.cards import label
from bot.reports.periods.cards import name
from bot.reports.periods.model import Kind, Period
from bot.training.model import Audit, Drift, Finding

FINDINGS: Mapping[Finding, str] = {
    Finding.FEW: N_("too few decisions by people to tell how good the check is"),
    Finding.AGREEMENT: N_("check and people hardly agree, /quality"),
    Finding.DRIFT: N_("the scores moved by 5 points or more"),
    Finding.PROBES: N_("a known-bad draft passed"),
    Finding.UNTRIED: N_("a prompt in use has too few decisions by people, /prompts"),
}


def title(of: Audit) -> str:
    """ "Training audit · 23 Nov to 29 Nov · Stands"."""
    said = {"week": name(Period(Kind.WEEK, of.first), local(of.at).date())}
    count = len(of.findings)
    if not count:
        return _("Training audit · {week} · Stands", **said)
    return ngettext("Training audit · {week} · {n} point to look at",
                    "Training audit · {week} · {n} points to look at", count, **said)  # fmt: skip


def audit(of: Audit) -> Card:
    """Whether what the check learnt from stands; what it is made of goes below as a file."""
    lines = played.below(title(of))
    for line in said(of):
        lines.add(line)
    buttons = (Button(_("CSV"), "trainingcsv"), Button(_("PDF"), "trainingpdf"), Button(_("Quality"), "quality"))
    return Card(str(lines.add(_("As of {time}", time=clock(of.at)))), (buttons,))


def said(of: Audit) -> Iterator[str]:
    """Its lines."""
    if of.findings:
        yield _("Look at: {what}", what=_("; ").join(_(FINDINGS[one]) for one in of.findings))
    yield _("No model is trained: what people decide moves minimum scores and prompts.")
    labelled = len(of.labelled)
    yield ngettext(
        "Examples: {n} decision by people in {days} days, {fresh} of this week; minimum scores follow from {learnt}",
        "Examples: {n} decisions by people in {days} days, {fresh} of this week; minimum scores follow from {learnt}",
        labelled,
        days=of.days,
        fresh=number(of.fresh),
        learnt=number(len(of.learnt)),
    )
    yield agreement(of.standing)
    in_use = in_a_row(f"{label(one.purpose, one.task_type)} {number(one.version)}" for one in of.prompts)
    # Translators: {prompts} is "Draft · all types 3, Judge · all types 1"; {n}: how many of them are new.
    yield _("Prompts in use: {prompts}; new this week: {n}", prompts=in_use or _("none"), n=number(of.changed))
    yield f"{proven_scores(of.targets)}. {probes_caught(of.standing)}"
    yield _drifts(of)


def _drifts(of: Audit) -> str:
    if not of.drifts:
        return _("Drift: too few drafts to tell")
    return _("Drift against the weeks before: {criteria}", criteria=in_a_row(map(moved, of.drifts)))


def moved(one: Drift) -> str:
    """ "Clarity -2.1"."""
    points = decimal(Decimal(one.moved), 1)
    sign = "+" if one.moved > 0 and points.strip("-0.,") else ""
    return f"{one.criterion.words} {sign}{points}"


def filename(of: Audit) -> str:
    """What its files are called."""
    return f"training-{of.first:%Y-%m-%d}"


def examples(of: Audit) -> Document:
    """Every draft that people decided on as a CSV file, and whether a minimum score follows from it."""
    rows: list[list[Cell]] = [
        ["decided", "brief", "type", "score", "minimum", "passed", "person", "blind", "prompt", "judge", "learnt from"]
    ]
    for one in of.labelled:
        points = "" if one.weighted is None else f"{one.weighted / 100:.2f}"
        row: list[Cell] = [f"{local(one.created_at):%Y-%m-%d %H:%M:%S}", one.brief_id, one.task_type.value, points]
        row += [one.target, int(one.passed), one.human or "", int(one.blind)]
        row += ["" if one.prompt is None else one.prompt, one.judge_model, int(one.id in of.learnt)]
        rows.append(row)
    return Document(f"{filename(of)}.csv", table(rows))


def as_file(of: Audit) -> Card:
    """The examples as a file."""
    count = len(of.labelled)
    lines = played.below(title(of)).add(ngettext("{n} row", "{n} rows", count))
    return Card(str(lines), document=examples(of))


def with_examples(mail: MailMessage, of: Audit) -> MailMessage:
    """The mail with the examples among its files."""
    return replace(mail, files=(*mail.files, examples(of)))
