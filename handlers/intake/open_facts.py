"""What a plain message leaves open is asked about beside its quote, a fact at a time, before anything is spent.

The question is plain words of the client's own, found by rules, so that no model is asked for it. What is surely no
answer is what it would be without the question; starting, or a tap on [Skip], leaves the fact open.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.access.model import Person
from bot.briefs.model import Brief
from bot.intake import cards as intake_cards
from bot.kernel.card import Button, Card, escape
from bot.kernel.errors import Stale
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.remarks.kinds import Purpose, told_apart
from bot.services import Services
from handlers.briefs.cards import brief_card
from handlers.routing import conversations
from handlers.routing.places import Place
from handlers.routing.request import Request
from handlers.routing.router import Router
from handlers.routing.waiting import short_words

router = Router()
FACT, DIALOG = "quote.fact", "quote"
SAID = "quote.said"  # the last one was said, and can be taken back by a tap: no message answers it
_NUMBER = re.compile(r"\d+")
ANEW = N_("/briefs leads to what can be changed.")
Taken = Mapping[str, str]  # the text of an answer, the source key of its message, and the question


def settles(request: Request) -> bool:
    """Whether a message can be the fact: a few words that are not plainly something else, such as the next order. A
    number in them may be a figure; that it could also be a brief's makes them no question about one.
    """
    return short_words(request) and told_apart(_NUMBER.sub("1", request.text)).kind is Purpose.UNSURE


async def quoted(who: Person, request: Request, services: Services, brief: Brief) -> Card:
    """The quote of a message, with the first question about what it leaves open; in a group without."""
    facts = await services.intake.quotes.left_open(brief) if request.chat_id == who.telegram_id else ()
    return await _next(who, request, services, brief, facts)


@router.answer(FACT, settles, intake_cards.QUESTION_OPEN)
async def answered(who: Person, request: Request, services: Services, data: Mapping[str, Any]) -> Card:
    """Keep the fact, and show the quote with the next question."""
    fact, *others = data["facts"]
    question, text = intake_cards.open_fact(fact), request.text.strip()
    brief = await services.intake.quotes.answer(who, data["brief"], None, [(question, text)])
    taken = {"text": text, "source_key": request.source_key, "question": question}
    return await _next(who, request, services, brief, others, taken)


@router.button("factskip", edit=True, place=Place.OWN, choices=intake_cards.FACTS_LEFT, instead=ANEW)
async def skipped(who: Person, request: Request, services: Services) -> Card:
    """Leave one fact open; the button says how many there were left, so that an old one skips nothing."""
    waits = await _waits(who, request, services, request.subject)
    if waits is None or str(len(waits["facts"])) != request.choice:
        return await brief_card(who, request, services, request.subject)
    brief = await services.intake.briefs.get(who, request.subject)
    return await _next(who, request, services, brief, waits["facts"][1:], ended=True)


async def take_back(who: Person, request: Request, services: Services) -> tuple[Taken, str]:
    """Have the last answer be none, and its question wait again; returns that answer, and the question in one line.

    Raises Stale where something else was said since, or the quote was changed or started.
    """
    waits = await _waits(who, request, services, request.subject)
    taken = None if waits is None else waits.get("taken")
    if taken is None:
        raise Stale(_("You have written something else since. Write it again, and I take it as new."))
    pair = (taken["question"], taken["text"])
    brief = await services.intake.quotes.unanswer(who, request.subject, request.version, pair)
    await _next(who, request, services, brief, await services.intake.quotes.left_open(brief), ended=True)
    return taken, _(intake_cards.QUESTION_OPEN, question=escape(taken["question"]))


async def over(who: Person, request: Request, services: Services, brief_id: int) -> None:
    """Ask no more about a quote that was started or discarded."""
    if await _waits(who, request, services, brief_id) is not None:
        await conversations.end(who, request, services, DIALOG)


async def _waits(who: Person, request: Request, services: Services, brief_id: int) -> Mapping[str, Any] | None:
    """What is asked about that quote; None where nothing is."""
    waits = await conversations.of_dialog(who, request, services, DIALOG)
    asks = waits is not None and waits.step in {FACT, SAID} and waits.data["brief"] == brief_id
    return waits.data if waits is not None and asks else None


async def _next(
    who: Person,
    request: Request,
    services: Services,
    brief: Brief,
    facts: Sequence[str],
    taken: Taken | None = None,
    *,
    ended: bool = False,
) -> Card:
    """The quote with the first of these facts in question, or alone where there is none.

    taken: the answer to the one before, which is said to be one, with a way back. ended: what was asked is over.
    """
    data: dict[str, Any] = {"brief": brief.id, "facts": list(facts)} | ({"taken": taken} if taken else {})
    if facts:
        data["question"] = intake_cards.open_fact(facts[0])
    if facts or taken:
        await conversations.ask(who, request, services, FACT if facts else SAID, data)
    elif ended:
        await conversations.end(who, request, services, DIALOG)
    quotes = services.intake.quotes
    card = await quotes.card(brief, await quotes.attached(brief), facts)
    return card if taken is None else _with_way_back(card, brief, taken)


def _with_way_back(card: Card, brief: Brief, taken: Taken) -> Card:
    words = _("Taken as your answer to: {question}", question=escape(taken["question"]))
    new = Button(_("No, it is something new"), "factnew", brief.id, brief.version)
    return replace(card, text=f"{card.text}\n<i>{words}</i>", rows=(*card.rows, (new,)))
