"""How a step of a brief's history reads."""

from decimal import Decimal

from bot.kernel.card import Button, Card, Lines, escape, first_lines
from bot.kernel.text.words import usd
from bot.kernel.translation import date, decimal, number
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.kernel.translation import pgettext_noop as NP_
from bot.quality.model import Criterion
from bot.replay.timeline import Called, Decided, Looked, Place, Step

ACTION = "replay"
# What may be read of an event's data, and how; whatever else stands there is not for the eye.
DATA = {
    "price": N_("Price {value}"),
    "type": N_("Type {value}"),
    "attempt": N_("It is draft {value}"),
    "became": N_("The new text is draft {value}"),
    "rung": N_("Reminder {value}"),
    "amount": N_("Amount {value}"),
    "reason": N_("Reason: {value}"),
}
WORDS = {
    "quoted": N_("The price was quoted"),
    "retyped": N_("Another type was chosen"),
    "economy_set": N_("It may wait for the morning, for less"),
    "economy_left": N_("It is to start at once"),
    "deferred": N_("The client said yes to a start in the morning"),
    "queued": N_("The client said yes"),
    "numbered": N_("It got its number"),
    "drafting": N_("Drafting began"),
    "drafted": N_("A draft was made"),
    "redrafting": N_("Another draft was requested"),
    "in_review": N_("Given to people to decide"),
    "approved": N_("Approved"),
    "sent_back": N_("Sent back"),
    "rejected": N_("Rejected"),
    "edited": N_("Edited"),
    "asked": N_("The client was asked"),
    "client_answered": N_("The client answered"),
    "judged": N_("The edited draft was judged"),
    "claimed": N_("Taken"),
    "given_back": N_("Given back"),
    "handed_over": N_("Handed over to somebody else"),
    "noted": N_("A note was written for colleagues"),
    "claim_ended": N_("The claim ended automatically"),
    "reminded": N_("People were reminded"),
    "delivered": N_("Delivered"),
    "invoiced": N_("Invoice sent"),
    "paid": NP_("what happened", "Paid"),
    "invoice_open": N_("The invoice was open again"),
    "invoice_void": N_("The invoice was made void"),
    "invoice_uncollectible": N_("The invoice was written off, and can still be paid"),
    "invoice_missing": N_("Stripe no longer knew the invoice"),
    "invoice_failed": N_("Stripe refused the invoice"),
    "invoice_details": N_("Stripe refused the billing details"),
    "invoice_new": N_("Another invoice was requested"),
    "invoice_part_paid": N_("A part of the invoice was paid"),
    "cancelled": N_("Cancelled"),
    "cancel_undone": N_("Cancelling undone"),
    "changed_by_client": N_("The client asked for a change of it"),
    "failed": N_("Stopped by a fault"),
    "retried": N_("The step that failed was begun again"),
    "restarted": N_("Started from the beginning"),
    "heard": N_("A recording was written down"),
    "held": N_("It waited for budget, or for models to be switched on"),
    "unreadable": N_("A draft was not in the format asked for"),
    "answered": N_("Answered"),
    "file_added": N_("File added"),
    "file_replaced": N_("File replaced"),
    "rated": N_("Rated"),
    "revised": N_("Revised"),
    "reworded": N_("Reworded"),
    "quote_ended": N_("Quote ended"),
}
DATA_WORDS = frozenset({"type", "reason"})  # what may be a sentence of ours
# Translators: what a model did: "gpt-6-luna drafted: prompt draft/1".
PURPOSES = {"draft": N_("drafted"), "judge": N_("judged"), "transcribe": N_("transcribed")}
# Translators: what became of a call of a model: "gpt-6-luna drafted, refused: prompt draft/1".
OUTCOMES = {
    "refused": N_("refused"),
    "cut": N_("cut"),
    "filtered": N_("filtered"),
    "malformed": N_("malformed"),
    "failed": N_("failed"),
}


def step_card(place: Place) -> Card:
    """One step: when, who, what, the calls and looks that came with it, and the cost so far."""
    step = place.step
    lines = Lines(_head(place))
    lines.add(f"{date(step.at, 'dd MMM HH:mm:ss z')} · {_who(step)}")
    lines.add(f"<b>{escape(_what(step))}</b>")
    for call in step.calls:
        lines.add(_call(call))
    for look in step.looks:
        lines.add(_look(look))
    if step.decision is not None:
        lines.add(_decision(step.decision))
    for line in _data(step):
        lines.add(line)
    lines.add(_("Cost so far {cost}", cost=usd(step.spent_micro_usd)))
    return Card(str(lines), _rows(place))


def _head(place: Place) -> str:
    said = {"place": place.number, "total": place.total}
    if place.brief_id < 0:
        return _("Quote · Replay, {place} of {total}", **said)
    return _("Brief {brief} · Replay, {place} of {total}", brief=place.brief_id, **said)


def _who(step: Step) -> str:
    source = step.event or step.decision
    if source is not None and source.person is not None:
        return _("by {name}", name=escape(source.person))
    return _("the automatic check") if step.decision is not None else _("automatically")


def _what(step: Step) -> str:
    name = step.event.name if step.event is not None else step.decision.verdict if step.decision is not None else None
    if name is None:
        return _("The judge looked") if step.looks else _("A model was asked")
    return _(WORDS.get(name, name))


def _call(call: Called) -> str:
    did = _(PURPOSES.get(call.purpose, call.purpose))
    outcome = "" if call.outcome == "ok" else f", {_(OUTCOMES.get(call.outcome, call.outcome))}"
    return _(
        "{model} {did}: prompt {prompt}, {given} + {answered} tokens, {cost}, {seconds} s",
        model=escape(call.model),
        did=escape(did) + outcome,
        prompt=escape(call.prompt_version),
        given=number(call.input_tokens),
        answered=number(call.output_tokens),
        cost=usd(call.cost_micro_usd),
        seconds=decimal(Decimal(call.latency_ms) / 1000, 1),
    )


def _look(look: Looked) -> str:
    evaluation = look.evaluation
    if not evaluation.scored:
        return _("Look {look} at draft {draft}: not scored", look=evaluation.look, draft=look.attempt)
    scores = {result.criterion: result.score for result in evaluation.results}
    criteria = " · ".join(f"{criterion.words} {scores[criterion]}" for criterion in Criterion)
    said = _(
        "Look {look} at draft {draft}: score <b>{score}</b>",
        look=evaluation.look, draft=look.attempt, score=evaluation.points,
    )  # fmt: skip
    return f"{said}\n{criteria}"


def _decision(decision: Decided) -> str:
    # Translators: {text} is the beginning of the text's checksum.
    said = _("Draft {draft}, text {text}", draft=decision.attempt, text=decision.content_hash[:8])
    return f"{said}\n{_told('reason', decision.reason)}" if decision.reason else said


def _data(step: Step) -> list[str]:
    if step.event is None:
        return []
    told = {key: value for key, value in step.event.data.items() if key in DATA and value is not None}
    if step.decision is not None:
        told.pop("reason", None)
    return [_told(key, str(value)) for key, value in told.items() if value != ""]


def _told(key: str, value: str) -> str:
    return _(DATA[key], value=first_lines(_(value) if key in DATA_WORDS else value, 300))


def _rows(place: Place) -> tuple[tuple[Button, ...], ...]:
    beside, ends = [], []
    if place.number > 1:
        beside.append(Button(_("◀ Back"), ACTION, place.brief_id, place.number - 1))
        ends.append(Button(_("First"), ACTION, place.brief_id, 1))
    if place.number < place.total:
        beside.append(Button(_("Next ▶"), ACTION, place.brief_id, place.number + 1))
        ends.append(Button(_("Last"), ACTION, place.brief_id, place.total))
    return tuple(tuple(row) for row in (beside, ends) if row)
