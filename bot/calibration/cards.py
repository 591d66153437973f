"""What people see of the gate's quality: figures in words, the worst disagreements, and proposed lines."""

from collections.abc import Sequence
from decimal import Decimal

from bot.calibration.agreement import Confusion, false_pass_rate, kappa, true_pass_rate, upper_bound
from bot.calibration.figures import Decision, Opinions, Overview, Standing, Table, TypeTarget, Version
from bot.calibration.target_cards import proof, type_button, type_buttons
from bot.kernel.card import Button, Card, Document, Lines, escape, first_lines, in_rows
from bot.kernel.task_type import TaskType
from bot.kernel.text import played
from bot.kernel.text.csv_table import table as csv_table
from bot.kernel.text.words import FEW, clock, in_a_row, share
from bot.kernel.translation import date, decimal, local, ngettext, number, percent, reader
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.quality.model import Criterion

SHOWN = 6
# What a person did with a draft, by the verdict that is stored; "Alice, 26 Nov 14:03 UTC: sent back."
HUMAN_WORDS = {
    "approved": N_("approved unchanged"),
    "sent_back": N_("sent back"),
    "rejected": N_("rejected"),
    "edited": N_("edited"),
}
DISAGREED = {
    "approved": (
        N_("Brief {brief}: passed with {score}, minimum {line}; a person approved it unchanged"),
        N_("Brief {brief}: held with {score}, minimum {line}; a person approved it unchanged"),
    ),
    "sent_back": (
        N_("Brief {brief}: passed with {score}, minimum {line}; a person sent it back"),
        N_("Brief {brief}: held with {score}, minimum {line}; a person sent it back"),
    ),
    "rejected": (
        N_("Brief {brief}: passed with {score}, minimum {line}; a person rejected it"),
        N_("Brief {brief}: held with {score}, minimum {line}; a person rejected it"),
    ),
    "edited": (
        N_("Brief {brief}: passed with {score}, minimum {line}; a person edited it"),
        N_("Brief {brief}: held with {score}, minimum {line}; a person edited it"),
    ),
}


def _type_words(task_type: TaskType | None) -> str:
    return task_type.words if task_type else _("all types")


def overview(of: Overview) -> Card:
    """How the gate stands in all, or for one type."""
    task_type, standing = of.task_type, of.standing
    text = played.below(_("Quality · {type}, as of {time}", type=_type_words(task_type), time=clock(of.now)))
    text.add(
        ngettext(
            "{n} draft checked in {days} days, {passed} passed without a person",
            "{n} drafts checked in {days} days, {passed} passed without a person",
            standing.decisions,
            days=of.days,
            passed=number(standing.passed),
        )
    )
    text.add(_audits(standing))
    text.add(agreement(standing))
    text.add(_rates(standing))
    text.add(_targets(of.targets))
    text.add(_beside(standing))
    buttons = [
        type_button(_("Disagreements"), "qworst", task_type),
        type_button(_("Prompt versions"), "qdrift", task_type),
        type_button(_("Minimum score"), "qline", task_type) if task_type else Button(_("Minimum scores"), "qlines"),
        type_button(_("CSV"), "qcsv", task_type),
        *([Button(_("All types"), "quality")] if task_type else type_buttons("quality", tuple(TaskType))),
        type_button(_("Refresh"), "quality", task_type),
    ]
    return Card(str(text), in_rows(buttons))


def _audits(standing: Standing) -> str:
    bad, total = standing.audits.bad, standing.audits.total
    if not total:
        return _("No blind check yet")
    counts = {"bad": number(bad), "total": number(total)}
    if standing.audits.few:
        # Translators: a blind check is one by a person who does not see the score; so many are needed for a proof.
        return _(
            "Blind checks: {bad} of {total} bad, too few to tell ({total} of {needed})",
            needed=number(standing.audits.needed),
            **counts,
        )
    # Translators: the share may be as large as {bound}, with 95 % confidence, where one looks once.
    return _(
        "Blind checks: {bad} of {total} bad, {share}, at most {bound} (95 %, one look)",
        share=percent(bad / total),
        bound=percent(upper_bound(bad, total), 1),
        **counts,
    )


def agreement(standing: Standing) -> str:
    """How well check and people agree; that of few is not told."""
    if not standing.read.total:
        return _("No person has decided on any yet")
    if standing.read.total < FEW:
        return _("Agreement of check and people: {few}", few=_too_few(round(standing.read.total)))
    if not standing.blind.total:
        return _("Check and people agree on {share}", share=_agreed(standing.read))
    blind = round(standing.blind.total)
    return _(
        "Check and people agree on {share}; where its scores were hidden: {blind}",
        share=_agreed(standing.read),
        blind=_too_few(blind) if blind < FEW else _agreed(standing.blind),
    )


def _too_few(labels: int) -> str:
    # Translators: so few of the labels that there should be at least.
    return _("too few to tell ({n} of {needed})", n=number(labels), needed=number(FEW))


def _agreed(table: Confusion) -> str:
    agreed = (table.passed_good + table.held_bad) / table.total
    value = kappa(table)
    said = {"share": percent(agreed), "total": number(round(table.total))}
    if value is None:
        return _("{share} of {total} (kappa not defined: one label for all)", **said)
    # Translators: Cohen's kappa, a measure of agreement.
    return _("{share} of {total} (kappa {kappa})", kappa=decimal(Decimal(value), 2), **said)


def _rates(standing: Standing) -> str:
    if standing.whole is None:
        return _("Without blind checks nobody knows how many bad ones pass")
    if standing.weakest < FEW:
        return _("Good and bad drafts that pass: {few}", few=_too_few(standing.weakest))
    good, bad = true_pass_rate(standing.whole), false_pass_rate(standing.whole)
    if good is not None and bad is not None:
        both = {"good": percent(good), "bad": percent(bad)}
        return _("Estimated for all: {good} of good drafts pass, {bad} of bad ones", **both)
    if good is not None:
        return _("Estimated for all: {good} of good drafts pass", good=percent(good))
    assert bad is not None  # of what is labelled, something is good or bad
    return _("Estimated for all: {bad} of bad drafts pass", bad=percent(bad))


def _targets(targets: Sequence[TypeTarget]) -> str:
    proposed = [one for one in targets if one.proposal.target != one.proposal.present]
    if proposed:
        changes = (
            _("{type} {line} (now {before})", type=p.task_type.words, line=p.proposal.target, before=p.proposal.present)
            for p in proposed
        )
        return _("Proposed minimum score: {changes}", changes=in_a_row(changes))
    if len(targets) == 1:
        return _("Minimum score {line}: {proof}", line=targets[0].proposal.present, proof=proof(targets[0].proposal))
    return proven_scores(targets)


def proven_scores(targets: Sequence[TypeTarget]) -> str:
    """How many of the minimum scores are proven."""
    proven = sum(one.proposal.proven for one in targets)
    return _("Minimum scores: {proven} of {all} proven", proven=proven, all=len(targets))


def _beside(standing: Standing) -> str:
    return f"{probes_caught(standing)}. {_stars(standing)}"


def probes_caught(standing: Standing) -> str:
    """How many of the known-bad drafts the check held."""
    caught, probes = standing.probes
    if not probes:
        return _("No known-bad draft was tried")
    return _("Known-bad drafts caught: {caught} of {probes}", caught=number(caught), probes=number(probes))


def _stars(standing: Standing) -> str:
    rated = sum(standing.stars.values())
    if not rated:
        return _("No client has rated yet")
    mean = Decimal(sum(stars * times for stars, times in standing.stars.items())) / rated
    return _("Clients: {stars} of 5 stars ({times})", stars=decimal(mean, 1), times=number(rated))


def drift(task_type: TaskType | None, versions: Sequence[Version]) -> Card:
    """What came of each version of the drafter's prompt, newest first."""
    text = played.below(_("Prompt versions · {type}", type=_type_words(task_type)))
    for one in versions[:SHOWN]:
        text.add(_version(one))
    if not versions:
        text.add(_("Nothing has been checked yet."))
    return Card(str(text), ((type_button(_("Back"), "quality", task_type),),))


def _version(one: Version) -> str:
    prompt = prompt_name(one)
    score = _("not scored") if one.score is None else _("score {score}", score=decimal(Decimal(one.score), 1))
    turned = _("no person decided")
    if one.read.total:
        turned = _("people turned {bad} of {all} down", bad=number(one.read.bad), all=number(one.read.total))
    return ngettext(
        "{prompt}, judge {judge}: {n} draft, {score}, {share} passed, {turned}",
        "{prompt}, judge {judge}: {n} drafts, {score}, {share} passed, {turned}",
        one.decisions,
        prompt=prompt,
        judge=escape(one.judge_model),
        score=score,
        share=share(one.passed, one.decisions),
        turned=turned,
    )


def prompt_name(one: Version) -> str:
    """ "Prompt 3"."""
    return _("Built-in prompt") if one.prompt is None else _("Prompt {prompt}", prompt=one.prompt)


def disagreements(task_type: TaskType | None, found: Sequence[Decision]) -> Card:
    """Where gate and people were furthest apart, to be read."""
    text = played.below(_("Disagreements · {type}", type=_type_words(task_type)))
    for one in found:
        passed, held = DISAGREED[str(one.human)]
        said = {"brief": one.brief_id, "score": (one.weighted or 0) // 100, "line": one.target}
        text.add(_(passed, **said) if one.passed else _(held, **said))
    if not found:
        text.add(_("No disagreements: check and people agree on everything that people decided on."))
    reads = [Button(_("Read {brief}", brief=one.brief_id), "qread", one.id) for one in found]
    rows = [tuple(reads[:3]), tuple(reads[3:]), (type_button(_("Back"), "quality", task_type),)]
    return Card(str(text), tuple(row for row in rows if row))


def both(opinions: Opinions) -> Card:
    """A draft, what the gate said of it, and what a person did."""
    text = Lines(_("Brief {brief} · two opinions", brief=opinions.brief_id)).add(escape(opinions.title))
    said = {"score": _("not scored") if opinions.score is None else opinions.score, "line": opinions.line}
    text.add(
        _("The automatic check passed it: {score}, minimum {line}", **said)
        if opinions.passed
        else _("The automatic check held it: {score}, minimum {line}", **said)
    )
    for criterion, score, reason in opinions.reasons:
        text.add(f"{Criterion(criterion).words} {score}: {first_lines(reason, 140)}")
    why = f" “{first_lines(_(opinions.why), 200)}”" if opinions.why else ""
    at = date(opinions.at, "dd MMM HH:mm z")
    text.add(f"{escape(opinions.person)}, {at}: {_(HUMAN_WORDS[opinions.human])}.{why}")
    text.add(f"<blockquote expandable>{first_lines(opinions.text, 1500)}</blockquote>/brief_{opinions.brief_id}")
    return Card(str(text))


def table(of: Table) -> Card:
    """The decisions behind the figures, one a row."""
    rows: list[list[str | int]] = [
        ["decided", "brief", "type", "score", "line", "passed", "person", "blind", "prompt", "judge"]
    ]
    for one in of.decisions:
        points = "" if one.weighted is None else f"{one.weighted / 100:.2f}"
        at = f"{local(one.created_at):%Y-%m-%d %H:%M:%S}"
        row: list[str | int] = [at, one.brief_id, one.task_type.value, points, one.target, int(one.passed)]
        rows.append([*row, one.human or "", int(one.blind), "" if one.prompt is None else one.prompt, one.judge_model])
    name = "all" if of.task_type is None else of.task_type.value.lower()
    file = Document(f"quality-{name}-{local(of.now):%Y-%m-%d}.csv", csv_table(rows))
    words = ngettext(
        "{n} decision, one a row; times of {zone}",
        "{n} decisions, one a row; times of {zone}",
        len(of.decisions),
        zone=reader().zone,
    )
    return Card(words, document=file)
