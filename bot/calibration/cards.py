"""What people see of the gate's quality: figures in words, the worst disagreements, and proposed lines."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime

from bot.calibration.agreement import LIMIT, Confusion, false_pass_rate, kappa, true_pass_rate, upper_bound
from bot.calibration.figures import Decision, Opinions, Standing, TypeLine, Version
from bot.calibration.learning import AIM, Proposal
from bot.kernel.card import Button, Card, Document, Lines, escape, first_lines, in_rows
from bot.kernel.task_type import TaskType
from bot.kernel.words import clock, count

SHOWN = 6
HUMAN_WORDS = {"approved": "let out as it was", "sent_back": "sent back", "rejected": "rejected", "edited": "edited"}


def _button(label: str, action: str, task_type: TaskType | None) -> Button:
    """A button for a type; None is all of them."""
    return Button(label, action, choice=task_type.choice if task_type else "")


def overview(
    task_type: TaskType | None, standing: Standing, lines: Sequence[TypeLine], days: int, now: datetime
) -> Card:
    """How the gate stands in all, or for one type."""
    name = "all types" if task_type is None else task_type.value
    text = Lines(f"Quality · {name}, as of {clock(now)}")
    text.add(f"{count(standing.decisions, 'decision')} in {days} days, {standing.passed} passed without a person")
    text.add(_audits(standing))
    text.add(_agreement(standing))
    text.add(_rates(standing))
    text.add(_lines(lines))
    text.add(_beside(standing))
    buttons = [
        _button("Disagreements", "qworst", task_type),
        _button("Drift", "qdrift", task_type),
        _button("Line", "qline", task_type) if task_type else Button("Lines", "qlines"),
        _button("CSV", "qcsv", task_type),
        *([Button("All types", "quality")] if task_type else _types("quality", tuple(TaskType))),
        _button("Refresh", "quality", task_type),
    ]
    return Card(str(text), in_rows(buttons))


def _types(action: str, types: Sequence[TaskType]) -> list[Button]:
    return [_button(one.value, action, one) for one in types]


def _audits(standing: Standing) -> str:
    bad, total = standing.audits.bad, standing.audits.total
    if not total:
        return "None of them has been read blind yet"
    bound = upper_bound(bad, total)
    return f"{total} of them read blind, {bad} bad: {bad / total:.0%}, at most {bound:.1%} (95 %, one look)"


def _agreement(standing: Standing) -> str:
    if not standing.read.total:
        return "No person has decided on any, so there is no agreement to tell"
    blind = f"; of those without its scores {_agreed(standing.blind)}" if standing.blind.total else ""
    return f"Of those that people decided on, gate and people agree on {_agreed(standing.read)}{blind}"


def _agreed(table: Confusion) -> str:
    agreed = (table.passed_good + table.held_bad) / table.total
    value = kappa(table)
    told = "kappa not defined: one label for all" if value is None else f"kappa {value:.2f}"
    return f"{agreed:.0%} of {table.total:.0f} ({told})"


def _rates(standing: Standing) -> str:
    if standing.whole is None:
        return "Without audits nobody knows how many bad ones pass"
    good, bad = true_pass_rate(standing.whole), false_pass_rate(standing.whole)
    told = [
        f"of good drafts {good:.0%} pass" if good is not None else "",
        f"of bad ones {bad:.0%}" if bad is not None else "",
    ]
    words = ", ".join(one for one in told if one)
    return f"Of all, as audits tell: {words}" if words else "Nothing to tell good from bad by"


def _lines(lines: Sequence[TypeLine]) -> str:
    proposed = [line for line in lines if line.proposal.target != line.proposal.line]
    if proposed:
        changes = (f"{one.task_type.value} {one.proposal.target} (now {one.proposal.line})" for one in proposed)
        return f"Proposed line: {', '.join(changes)}"
    if len(lines) == 1:
        return f"Line {lines[0].proposal.line}: {proof(lines[0].proposal)}"
    proven = sum(line.proposal.proven for line in lines)
    return f"Lines: {proven} of {len(lines)} proven"


def _beside(standing: Standing) -> str:
    caught, probes = standing.probes
    rated = sum(standing.stars.values())
    told = f"Known-bad drafts caught: {caught} of {probes}" if probes else "No known-bad draft was tried"
    if not rated:
        return f"{told}. No client has rated yet"
    mean = sum(stars * times for stars, times in standing.stars.items()) / rated
    return f"{told}. Clients: {mean:.1f} of 5 stars ({rated})"


def proof(proposal: Proposal) -> str:
    """Whether the line's claim is proven, in words."""
    audits = proposal.audits
    if proposal.proven:
        return f"proven, at most {LIMIT:.0%} bad ({audits.clean} of {audits.total} audits clean)"
    if not audits.bad:
        return f"not proven, {audits.total} of {audits.needed} clean audits"
    return f"not proven, {audits.bad} bad in {count(audits.total, 'audit')}; {audits.needed} could prove it"


def all_lines(lines: Sequence[TypeLine]) -> Card:
    """Every type's line."""
    text = Lines("Lines · the score from which a draft passes alone")
    for one in lines:
        change = f" → {one.proposal.target} proposed" if one.proposal.target != one.proposal.line else ""
        text.add(f"{one.task_type.value} <b>{one.proposal.line}</b>{change}: {proof(one.proposal)}")
    buttons = [*_types("qline", [one.task_type for one in lines]), Button("Back", "quality")]
    return Card(str(text), in_rows(buttons))


def line(one: TypeLine, *, may_adopt: bool) -> Card:
    """A type's line with its evidence, and the proposal where there is one."""
    proposal, name = one.proposal, one.task_type.value
    changes = proposal.target != proposal.line
    text = Lines(f"{name} · line {proposal.line}" + (f", {proposal.target} proposed" if changes else ""))
    text.add(f"As it is: {proof(proposal)}")
    if one.adopted is not None:
        text.add(f"Adopted by {escape(one.adopted.by)} on {one.adopted.at:%d %b}; evidence counts from there")
    back = (_button("Back", "quality", one.task_type),)
    if not changes:
        return Card(str(text.add("Nothing better is proven, so it stays.")), (back,))
    if proposal.target < proposal.line:
        text.add(
            f"Drafts of {proposal.target} to {proposal.line - 1}: people let {proposal.band.clean} of "
            f"{proposal.band.total} out as they were"
        )
    else:
        text.add(f"More than {AIM:.1%} of what passes is bad, so {LIMIT:.0%} could hardly ever be proven")
    text.add(_past(one))
    if not may_adopt:
        return Card(str(text.add("An admin can adopt it.")), (back,))
    seen = one.adopted.id if one.adopted else 0
    adopt = Button(f"Adopt {proposal.target}", "qadopt", proposal.target, seen, choice=one.task_type.choice)
    keep = Button(f"Keep {proposal.line}", "qkeep", version=seen, choice=one.task_type.choice)
    return Card(str(text), ((adopt, keep), back))


def _past(one: TypeLine) -> str:
    past, target = one.past, one.proposal.target
    if target < one.proposal.line:
        read = f", of which people turned {past.more_bad} down" if past.more else ""
        return f"The last 30 days under {target}: {past.more} more of {past.decisions} would have passed{read}"
    read = f"; of {past.fewer_read} read blind, people turned {past.fewer_bad} down" if past.fewer else ""
    return f"The last 30 days under {target}: {past.fewer} fewer of {past.decisions} would have passed{read}"


def confirm(one: TypeLine) -> Card:
    """Asked once before a line is adopted."""
    proposal = one.proposal
    text = Lines(f"{one.task_type.value} · adopt {proposal.target} instead of {proposal.line}?")
    text.add(_past(one))
    text.add("New briefs of this type are held to it; those under way keep theirs.")
    seen, choice = one.adopted.id if one.adopted else 0, one.task_type.choice
    yes = Button(f"Yes, adopt {proposal.target}", "qadoptyes", proposal.target, seen, choice=choice)
    return Card(str(text), ((_button("Back", "qline", one.task_type),), (yes,)))


def adopted(task_type: TaskType, target: int, before: int, by: str, at: datetime) -> Card:
    """The card after the decision."""
    text = Lines(f"{task_type.value} · line {target} · adopted by {by}, {clock(at)}")
    text.add(f"It was {before}. New briefs of this type are held to {target}, and its proof begins anew.")
    return Card(str(text), ((_button("Back", "quality", task_type),),))


def kept(task_type: TaskType, line: int, by: str, at: datetime) -> Card:
    """The card after the proposal was declined."""
    text = Lines(f"{task_type.value} · line {line} · kept by {by}, {clock(at)}")
    return Card(str(text), ((_button("Back", "quality", task_type),),))


def drift(task_type: TaskType | None, versions: Sequence[Version]) -> Card:
    """What came of each version of the drafter's prompt, newest first."""
    text = Lines(f"Drift · {task_type.value if task_type else 'all types'}")
    for one in versions[:SHOWN]:
        name = "Prompt of the code" if one.prompt is None else f"Prompt {one.prompt}"
        score = "not scored" if one.score is None else f"score {one.score:.1f}"
        turned = f"people turned {one.read.bad} of {one.read.total} down" if one.read.total else "no person decided"
        text.add(
            f"{name}, judge {escape(one.judge_model)}: {count(one.decisions, 'draft')}, {score}, "
            f"{one.passed / one.decisions:.0%} passed, {turned}"
        )
    if not versions:
        text.add("The gate has decided on nothing yet.")
    return Card(str(text), ((_button("Back", "quality", task_type),),))


def disagreements(task_type: TaskType | None, found: Sequence[Decision]) -> Card:
    """Where gate and people were furthest apart, to be read."""
    text = Lines(f"Disagreements · {task_type.value if task_type else 'all types'}")
    for one in found:
        gate = "passed" if one.passed else "held"
        text.add(
            f"Brief {one.brief_id}: {gate} with {(one.weighted or 0) // 100} at line {one.target}, "
            f"{HUMAN_WORDS[str(one.human)]} by a person"
        )
    if not found:
        text.add("Gate and people agree on all that people decided on.")
    reads = [Button(f"Read {one.brief_id}", "qread", one.id) for one in found]
    rows = [tuple(reads[:3]), tuple(reads[3:]), (_button("Back", "quality", task_type),)]
    return Card(str(text), tuple(row for row in rows if row))


def both(opinions: Opinions) -> Card:
    """A draft, what the gate said of it, and what a person did."""
    gate = "passed it" if opinions.passed else "held it"
    text = Lines(f"Brief {opinions.brief_id} · two opinions")
    text.add(escape(opinions.title))
    text.add(f"The gate {gate}: {opinions.score if opinions.score is not None else 'not scored'}, line {opinions.line}")
    for criterion, score, reason in opinions.reasons:
        text.add(f"{criterion.capitalize()} {score}: {first_lines(reason, 140)}")
    why = f" “{first_lines(opinions.why, 200)}”" if opinions.why else ""
    text.add(f"{escape(opinions.person)}, {opinions.at:%d %b %H:%M} UTC: {HUMAN_WORDS[opinions.human]}.{why}")
    text.add(f"<blockquote expandable>{first_lines(opinions.text, 1500)}</blockquote>/brief_{opinions.brief_id}")
    return Card(str(text))


def table(task_type: TaskType | None, decisions: Sequence[Decision], now: datetime) -> Card:
    """The decisions behind the figures, one a row."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["decided", "brief", "type", "score", "line", "passed", "person", "blind", "prompt", "judge"])
    for one in decisions:
        points = "" if one.weighted is None else f"{one.weighted / 100:.2f}"
        at = f"{one.created_at:%Y-%m-%d %H:%M:%S}"
        row = [at, one.brief_id, one.task_type.value, points, one.target, int(one.passed)]
        writer.writerow(
            [*row, one.human or "", int(one.blind), "" if one.prompt is None else one.prompt, one.judge_model]
        )
    name = "all" if task_type is None else task_type.value.lower()
    file = Document(f"quality-{name}-{now:%Y-%m-%d}.csv", out.getvalue())
    return Card(f"{count(len(decisions), 'decision')}, one a row; times are UTC", document=file)
