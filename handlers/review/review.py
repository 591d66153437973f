"""Deciding on a draft: take it, approve, send back, edit, reject; by a tap, or by the next message."""

from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any

from bot.access.model import Person
from bot.briefs.model import Brief
from bot.kernel.card import Card
from bot.kernel.errors import Refusal, Stale
from bot.kernel.text.words import clock
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.quality.model import CRITERIA, Criterion, Result
from bot.review import cards as review_cards
from bot.review import rejecting
from bot.review.changes import changes_card
from bot.review.colleague_cards import HANDOVER
from bot.services import Services
from handlers.routing import conversations
from handlers.routing.places import Place
from handlers.routing.request import Request
from handlers.routing.router import Router, old_button
from handlers.routing.waiting import words, words_or_document

router = Router()
SEND_BACK_STEP, REJECT_STEP, EDIT_STEP = "review.send_back", "review.reject", "review.edit"
ANEW = N_("/brief_{subject} shows the draft anew.")
EDITABLE = {".md", ".markdown", ".txt"}


@router.button("approve")
async def approve(who: Person, request: Request, services: Services) -> Card:
    """Approve the draft, which goes to its client."""
    brief = await services.review.decisions.approve(who, request.subject, request.version)
    return Card(toast=_("Brief {brief} is approved and goes to the client", brief=brief.id))


@router.button("take")
async def take(who: Person, request: Request, services: Services) -> Card:
    """Claim the draft, so that nobody else decides on it for now."""
    until = await services.review.decisions.claim(who, request.subject, request.version)
    words = _(
        "Brief {brief} is yours until {time}, or until you give it back", brief=request.subject, time=clock(until)
    )
    return Card(toast=words)


@router.button("giveback")
async def give_back(who: Person, request: Request, services: Services) -> Card:
    """End the claim, so that whoever comes first may decide again."""
    brief = await services.review.decisions.give_back(who, request.subject, request.version)
    return Card(toast=_("Brief {brief} waits for whoever decides first", brief=brief.id))


@router.button("sendback", place=Place.PRIVATE)
async def ask_what_to_change(who: Person, request: Request, services: Services) -> Card:
    """Ask what should change: a tapped reason, or the next plain message, says it."""
    brief, results = await services.review.decisions.lowest(who, request.subject, request.version)
    await _ask(who, request, services, SEND_BACK_STEP)
    return review_cards.ask_what_to_change(brief, results)


@router.button("reject", place=Place.PRIVATE)
async def ask_why(who: Person, request: Request, services: Services) -> Card:
    """Ask for the reason that the client reads: a tapped one, or the next plain message. Before that,
    ask what becomes of an invoice that is left behind.
    """
    brief, results = await services.review.decisions.lowest(who, request.subject, request.version)
    invoice = await services.review.decisions.left_behind(who, brief)
    await _ask(who, request, services, REJECT_STEP)
    return rejecting.ask_about_invoice(brief, invoice) if invoice else rejecting.ask_why(brief, _criteria(results))


@router.button("rejecting", edit=True, place=Place.PRIVATE, choices=rejecting.INVOICE, instead=ANEW)
async def invoice_decided(who: Person, request: Request, services: Services) -> Card:
    """Ask for the reason, now that it is decided what becomes of the invoice."""
    brief, results = await services.review.decisions.lowest(who, request.subject, request.version)
    await _ask(who, request, services, REJECT_STEP, invoice=request.choice)
    return rejecting.ask_why(brief, _criteria(results), request.choice)


def _criteria(results: Sequence[Result]) -> Sequence[Criterion]:
    return [result.criterion for result in results] or CRITERIA[: review_cards.QUICK_REASONS]


@router.button("edit", place=Place.PRIVATE)
async def ask_for_text(who: Person, request: Request, services: Services) -> Card:
    """Ask for another text; the next plain message or file is the new draft."""
    brief = (await services.review.decisions.check_open(who, request.subject, request.version))[0]
    await _ask(who, request, services, EDIT_STEP)
    return review_cards.ask_for_text(brief)


async def _ask(who: Person, request: Request, services: Services, step: str, **more: Any) -> None:
    data = {"brief": request.subject, "version": request.version, **more}
    await conversations.ask(who, request, services, step, data)


@router.button("undecided", edit=True, choices=("", HANDOVER))
async def undecided(who: Person, request: Request, services: Services) -> Card:
    """Drop the question: the draft is neither sent back, nor edited, nor rejected, nor handed over."""
    about = {"brief": request.subject}
    if request.choice != HANDOVER and not await conversations.take_back(who, request, services, "review", **about):
        return conversations.over()
    return Card(_("Brief {brief} stays as it is. /brief_{brief}", brief=request.subject))


async def _answered(who: Person, request: Request, services: Services) -> None:
    await conversations.end(who, request, services, "review")


@router.answer(SEND_BACK_STEP, words, review_cards.NOTE_OPEN)
async def send_back(who: Person, request: Request, services: Services, data: Mapping[str, Any]) -> Card:
    """Send the draft back with the note that was written."""
    brief = await services.review.decisions.send_back(who, data["brief"], data["version"], request.text)
    await _answered(who, request, services)
    return Card(_("Brief {brief}: a draft with your note is being written and will come back to you.", brief=brief.id))


@router.answer(REJECT_STEP, words, review_cards.REASON_OPEN)
async def reject(who: Person, request: Request, services: Services, data: Mapping[str, Any]) -> Card:
    """Reject the brief with the reason that was written."""
    void = rejecting.INVOICE.get(data.get("invoice", ""))
    brief = await services.review.decisions.reject(who, data["brief"], data["version"], request.text, void=void)
    await _answered(who, request, services)
    return _rejected(brief, void)


@router.answer(EDIT_STEP, words_or_document, review_cards.EDIT_OPEN)
async def edit(who: Person, request: Request, services: Services, data: Mapping[str, Any]) -> Card:
    """Put what was written, or sent as a file, in place of the draft."""
    text = request.text
    if request.file is not None:
        if PurePath(request.file.name).suffix.lower() not in EDITABLE:
            raise Refusal(
                _(
                    "I take a draft as a message or as an .md or .txt file; {file} is neither.",
                    file=request.file.name,
                )
            )
        text = await services.intake.materials.text_of(who, request.file)
    brief = await services.review.decisions.edit(who, data["brief"], data["version"], text)
    await services.intake.texts.bind(who, request.source_key, brief)
    await _answered(who, request, services)
    return _has_text(brief)


async def continued(who: Person, request: Request, services: Services, brief: Brief) -> Card:
    """Put the whole text in place of its beginning as the new draft, on which nobody decided meanwhile."""
    brief, draft = await services.review.decisions.check_open(who, brief.id, brief.version)
    if draft.author_id != who.id:
        raise Stale(
            _(
                "Brief {brief} has another draft by now. Send yours as an .md or .txt file: [Edit] takes both.",
                brief=brief.id,
            )
        )
    return _has_text(await services.review.decisions.edit(who, brief.id, brief.version, request.text))


def _has_text(brief: Brief) -> Card:
    return Card(_("Brief {brief} has your text now; approving sends out exactly that. /brief_{brief}", brief=brief.id))


@router.button("mend", edit=True, choices=CRITERIA, instead=ANEW, old={f"mend{index}": "" for index in range(4)})
async def send_back_for(who: Person, request: Request, services: Services) -> Card:
    """Send the draft back for the criterion that the button names."""
    results = (await services.review.decisions.lowest(who, request.subject, request.version))[1]
    result = next((one for one in results if one.criterion == request.choice), None)
    if result is None:
        raise old_button(_(ANEW, subject=request.subject))
    brief = await services.review.decisions.send_back(
        who, request.subject, request.version, review_cards.quick_note(result)
    )
    await _answered(who, request, services)
    return Card(_(review_cards.MENDED[result.criterion], brief=brief.id))


@router.button(
    "deny", edit=True, choices=rejecting.REASONS, instead=ANEW, old={f"deny{index}": "" for index in range(4)}
)
async def reject_for(who: Person, request: Request, services: Services) -> Card:
    """Reject the brief with the reason for the criterion that the button names, and with what becomes of an invoice."""
    criterion, void = rejecting.REASONS[request.choice]
    reason = rejecting.REJECTIONS[criterion][1]
    brief = await services.review.decisions.reject(who, request.subject, request.version, reason, void=void)
    await _answered(who, request, services)
    return _rejected(brief, void)


def _rejected(brief: Brief, void: bool | None) -> Card:
    if void:
        words = _("Brief {brief} is rejected; the client was told why, and that the invoice is voided.", brief=brief.id)
        return Card(words)
    return Card(_("Brief {brief} is rejected; the client was told why.", brief=brief.id))


@router.button("order")
async def order(who: Person, request: Request, services: Services) -> Card:
    """Show what the client asked for, whole."""
    return review_cards.order(await services.intake.briefs.get(who, request.subject))


@router.button("changes")
async def changes(who: Person, request: Request, services: Services) -> Card:
    """Show what is different from the draft before."""
    return changes_card(await services.review.decisions.changes(who, request.subject))
