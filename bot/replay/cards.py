"""How a step of a brief's history reads."""

from bot.briefs.model import Brief
from bot.kernel.card import Button, Card, Lines, escape, first_lines
from bot.kernel.words import usd
from bot.quality.model import Criterion
from bot.replay.timeline import Called, Decided, Looked, Step

ACTION = "replay"
# What may be read of an event's data, and how; whatever else stands there is not for the eye.
DATA = {
    "price": "Price {}",
    "type": "Type {}",
    "attempt": "It is draft {}",
    "became": "The new text is draft {}",
    "rung": "Rung {} of the reminders",
    "amount": "Amount {}",
    "reason": "Reason: {}",
}
WORDS = {
    "quoted": "The price was named",
    "retyped": "Another type was chosen",
    "queued": "The client said yes",
    "drafting": "Drafting began",
    "drafted": "A draft was made",
    "redrafting": "Another draft was called for",
    "in_review": "Put before people",
    "approved": "Approved",
    "sent_back": "Sent back",
    "rejected": "Rejected",
    "edited": "Edited",
    "judged": "The edited draft was judged",
    "claimed": "Taken",
    "given_back": "Given back",
    "claim_ended": "The claim ended by itself",
    "reminded": "People were reminded",
    "delivered": "Delivered",
    "invoiced": "Invoice sent",
    "paid": "Paid",
    "invoice_open": "The invoice was open again",
    "invoice_void": "The invoice was made void",
    "invoice_uncollectible": "The invoice was written off, and can still be paid",
    "invoice_missing": "Stripe no longer knew the invoice",
    "invoice_failed": "Stripe refused the invoice",
    "invoice_details": "Stripe refused the billing details",
    "invoice_new": "Another invoice was asked for",
    "invoice_part_paid": "A part of the invoice was paid",
    "cancelled": "Cancelled",
    "failed": "Stopped by a fault",
    "retried": "The step that failed was begun again",
    "restarted": "Started from the beginning",
    "heard": "A recording was written down",
    "held": "It waited for room under a ceiling, or for models to be switched on",
    "unreadable": "A draft was not in the format asked for",
}
PURPOSES = {"draft": "drafted", "judge": "judged", "transcribe": "wrote down"}


def step_card(brief: Brief, step: Step, number: int, total: int) -> Card:
    """One step: when, who, what, the calls and looks that came with it, and the cost so far."""
    lines = Lines(f"Brief {brief.id} · Replay, {number} of {total}")
    lines.add(f"{step.at:%d %b %H:%M:%S} UTC · {_who(step)}")
    lines.add(f"<b>{escape(_what(step))}</b>")
    for call in step.calls:
        lines.add(_call(call))
    for look in step.looks:
        lines.add(_look(look))
    if step.decision is not None:
        lines.add(_decision(step.decision))
    for line in _data(step):
        lines.add(line)
    lines.add(f"Cost so far {usd(step.spent_micro_usd)}")
    return Card(str(lines), _rows(brief, number, total))


def _who(step: Step) -> str:
    source = step.event or step.decision
    if source is not None and source.person is not None:
        return f"by {escape(source.person)}"
    return "the gate" if step.decision is not None else "by itself"


def _what(step: Step) -> str:
    name = step.event.name if step.event is not None else step.decision.verdict if step.decision is not None else None
    if name is None:
        return "The judge looked" if step.looks else "A model was asked"
    return WORDS.get(name, name.replace("_", " ").capitalize())


def _call(call: Called) -> str:
    did = PURPOSES.get(call.purpose, call.purpose)
    outcome = "" if call.outcome == "ok" else f", {call.outcome}"
    return (
        f"{escape(call.model)} {escape(did)}{outcome}: prompt {escape(call.prompt_version)}, "
        f"{call.input_tokens:,} + {call.output_tokens:,} tokens, {usd(call.cost_micro_usd)}, "
        f"{call.latency_ms / 1000:.1f} s"
    )


def _look(look: Looked) -> str:
    evaluation = look.evaluation
    if not evaluation.scored:
        return f"Look {evaluation.look} at draft {look.attempt}: not scored"
    scores = {result.criterion: result.score for result in evaluation.results}
    criteria = " · ".join(f"{criterion.capitalize()} {scores[criterion]}" for criterion in Criterion)
    return f"Look {evaluation.look} at draft {look.attempt}: score <b>{evaluation.points}</b>\n{criteria}"


def _decision(decision: Decided) -> str:
    said = f"Draft {decision.attempt}, text {decision.content_hash[:8]}"
    return f"{said}\nReason: {first_lines(decision.reason, 300)}" if decision.reason else said


def _data(step: Step) -> list[str]:
    if step.event is None:
        return []
    told = {key: value for key, value in step.event.data.items() if key in DATA and value is not None}
    if step.decision is not None:
        told.pop("reason", None)
    return [DATA[key].format(first_lines(str(value), 300)) for key, value in told.items()]


def _rows(brief: Brief, number: int, total: int) -> tuple[tuple[Button, ...], ...]:
    beside, ends = [], []
    if number > 1:
        beside.append(Button("◀ Back", ACTION, brief.id, number - 1))
        ends.append(Button("First", ACTION, brief.id, 1))
    if number < total:
        beside.append(Button("Next ▶", ACTION, brief.id, number + 1))
        ends.append(Button("Last", ACTION, brief.id, total))
    return tuple(tuple(row) for row in (beside, ends) if row)
