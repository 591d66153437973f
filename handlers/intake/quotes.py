"""Changing a quote before the client's yes: type, text, what is missing, deadline, language, QA target."""

from collections.abc import Mapping
from typing import Any

from bot.access.model import Permission, Person
from bot.briefs.cards import button
from bot.briefs.material import guess_type
from bot.briefs.model import Brief, TooLong, check_quoted, check_version
from bot.briefs.options import BY_CHOICE as LANGUAGES
from bot.briefs.options import deadline_in, language_of, written_deadline, written_target
from bot.intake import cards as intake_cards
from bot.intake.cards import DEADLINES, TARGETS
from bot.kernel.card import Button, Card, Lines, escape
from bot.kernel.errors import Refusal
from bot.kernel.task_type import BY_CHOICE as TYPES
from bot.kernel.task_type import TaskType
from bot.kernel.text.file_format import FileFormat
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.remarks.kinds import Purpose
from bot.services import Services
from handlers.briefs.cards import brief_card, offered_deadlines, quote
from handlers.routing import conversations
from handlers.routing.places import Place
from handlers.routing.request import Request
from handlers.routing.router import Router
from handlers.routing.waiting import short_words, words

router = Router()
TEXT, QUESTION, DEADLINE, LANGUAGE, TARGET = (
    "quote.text",
    "quote.question",
    "quote.deadline",
    "quote.language",
    "quote.target",
)
ANEW = N_("/briefs leads to what can be changed.")
FORMATS = tuple(one.value for one in FileFormat)
DAYS, POINTS = tuple(str(days) for _, days in DEADLINES), tuple(map(str, TARGETS))


@router.button("quote", edit=True, place=Place.OWN)
async def show(who: Person, request: Request, services: Services) -> Card:
    """Show the quote again, and drop the question that waited."""
    await conversations.end(who, request, services, "quote")
    return await brief_card(who, request, services, request.subject)


@router.button("more", edit=True, place=Place.OWN)
async def more(who: Person, request: Request, services: Services) -> Card:
    """Show what else can be changed."""
    brief = await _open(who, request, services)
    return intake_cards.more(brief, decider=who.may(Permission.DECIDE))


@router.button("types", edit=True, place=Place.OWN)
async def types(who: Person, request: Request, services: Services) -> Card:
    """Offer the other types, with their prices."""
    brief = await services.intake.briefs.get(who, request.subject)
    prices = await services.intake.briefs.prices(brief)
    rows = tuple((button(f"{one.words} · {prices[one]}", "type", brief, one.choice),) for one in TaskType)
    return Card(str(Lines(_("Quote · What kind of work is it?")).add(escape(brief.title))), rows)


@router.button(
    "type", edit=True, place=Place.OWN, choices=TYPES, instead=ANEW, old={f"type{index}": "" for index in range(5)}
)
async def retype(who: Person, request: Request, services: Services) -> Card:
    """Change the type to the one that the button names."""
    brief = await services.intake.briefs.retype(who, request.subject, request.version, TYPES[request.choice])
    return await quote(services, brief)


@router.button("economy", edit=True, place=Place.OWN)
async def wait_for_morning(who: Person, request: Request, services: Services) -> Card:
    """Have it start the next morning, for less."""
    brief = await services.intake.quotes.set_economy(who, request.subject, request.version, on=True)
    return await quote(services, brief)


@router.button("atonce", edit=True, place=Place.OWN)
async def at_once(who: Person, request: Request, services: Services) -> Card:
    """Have it start with the yes, for all of the price."""
    brief = await services.intake.quotes.set_economy(who, request.subject, request.version, on=False)
    return await quote(services, brief)


@router.button("qtext", edit=True, place=Place.PRIVATE)
async def ask_text(who: Person, request: Request, services: Services) -> Card:
    """Ask for another text; the next message is it."""
    brief = await _open(who, request, services)
    await _wait(who, request, services, TEXT, {"brief": brief.id, "version": brief.version})
    return intake_cards.ask_new_text(brief)


@router.answer(TEXT, words, intake_cards.NEW_TEXT_OPEN)
async def text_given(who: Person, request: Request, services: Services, data: Mapping[str, Any]) -> Card:
    """Put the text that was written in place of the old one."""
    brief = await services.intake.quotes.reword(who, data["brief"], data["version"], request.text)
    await services.intake.texts.bind(who, request.source_key, brief)
    return await _done(who, request, services, brief)


async def continued(who: Person, request: Request, services: Services, brief: Brief) -> Card:
    """Add the rest of the text and show its quote in place, with another price where it is other work."""
    words = request.words
    before = await services.intake.quotes.own_words(brief)
    if before == words.strip():  # dealt with before a crash
        await services.intake.quotes.show(brief)
        return Card()
    guessed = guess_type(words)
    if brief.task_type is guess_type(before) and brief.task_type is not guessed:
        await services.intake.briefs.retype(who, brief.id, brief.version, guessed)
    try:
        await services.intake.quotes.reword(who, brief.id, None, words, show=True)
    except TooLong as refusal:
        stands = _("The quote “{title}” stays as it was.", title=brief.title)
        raise Refusal(f"{refusal} {stands}") from refusal
    return Card()


@router.button("ask", edit=True, place=Place.PRIVATE)
async def ask_missing(who: Person, request: Request, services: Services) -> Card:
    """Have a model look for what is missing; its questions come one by one, in place of the quote, which follows."""
    brief = await _open(who, request, services)
    await services.chat.typing(request.chat_id, request.topic)
    read = await services.intake.materials.missing(who, brief.text, brief.task_type)
    if read.about not in {Purpose.ORDER, Purpose.UNSURE}:
        return intake_cards.doubted(brief)
    if not read.questions:
        return Card(toast=_("It has everything it needs"))
    data = {"brief": brief.id, "version": brief.version, "title": brief.title}
    data |= {"questions": list(read.questions), "answers": []}
    await _wait(who, request, services, QUESTION, data)
    return _question(data)


@router.answer(QUESTION, words, intake_cards.QUESTION_OPEN)
async def question_answered(who: Person, request: Request, services: Services, data: Mapping[str, Any]) -> Card:
    """Keep the answer to one question, and ask the next."""
    return await _next_question(who, request, services, {**data, "answers": [*data["answers"], request.text.strip()]})


@router.button("askskip", edit=True)
async def question_skipped(who: Person, request: Request, services: Services) -> Card:
    """Leave one question out; the subject is its number, so that an old button skips nothing."""
    data = await _asked(who, request, services)
    if data is None or len(data["answers"]) != request.subject:
        return Card(toast=_("That question was answered already"))
    return await _next_question(who, request, services, {**data, "answers": [*data["answers"], ""]})


@router.button("askstop", edit=True)
async def questions_skipped(who: Person, request: Request, services: Services) -> Card:
    """Leave out all other questions; what was answered counts."""
    data = await _asked(who, request, services)
    if data is None:
        return Card(toast=_("Those questions were answered already"))
    missing = [""] * (len(data["questions"]) - len(data["answers"]))
    return await _next_question(who, request, services, {**data, "answers": [*data["answers"], *missing]})


async def _asked(who: Person, request: Request, services: Services) -> Mapping[str, Any] | None:
    """The questions that the button belongs to; None where they wait no more, or those of another brief do."""
    data = await _data(who, request, services, QUESTION)
    return data if data is not None and request.version in {0, data["brief"]} else None  # 0: of versions before


async def _next_question(who: Person, request: Request, services: Services, data: dict[str, Any]) -> Card:
    if len(data["answers"]) < len(data["questions"]):
        await _wait(who, request, services, QUESTION, data)
        return _question(data)
    pairs = [(q, a) for q, a in zip(data["questions"], data["answers"], strict=True) if a]
    if not pairs:
        brief = await services.intake.briefs.get(who, data["brief"])
    else:
        brief = await services.intake.quotes.answer(who, data["brief"], data["version"], pairs)
    return await _done(who, request, services, brief)


def _question(data: Mapping[str, Any]) -> Card:
    number = len(data["answers"])
    questions = len(data["questions"])
    head = _("Quote · question {number} of {questions}", number=number + 1, questions=questions)
    brief = data["brief"]
    rows = ((Button(_("Skip"), "askskip", number, brief), Button(_("Skip all"), "askstop", version=brief)),)
    return intake_cards.ask_question(data["questions"][number], head, rows, data.get("title", ""))


@router.button("qdue", edit=True, place=Place.OWN)
async def ask_deadline(who: Person, request: Request, services: Services) -> Card:
    """Offer deadlines; one can be written too."""
    brief = await _open(who, request, services)
    await _wait(who, request, services, DEADLINE, {"brief": brief.id, "version": brief.version})
    labels = await offered_deadlines(who, services)
    buttons = {days: button(label, "due", brief, str(days)) for days, label in labels.items()}
    head = _("Quote · Deadline")
    return intake_cards.ask_deadline(head, (_back(brief),), buttons, brief.title)


@router.button(
    "due",
    edit=True,
    place=Place.OWN,
    choices=DAYS,
    instead=ANEW,
    old={f"due{days}": days for days in ("0", "1", "3", "7")},
)
async def due_in(who: Person, request: Request, services: Services) -> Card:
    """Set the deadline in as many days as the button says; 0: none."""
    days = int(request.choice)
    hours, now = await services.tenants.office_hours(who.tenant), services.database.clock.now()
    deadline = deadline_in(days, now, hours) if days else None
    return await _done(
        who,
        request,
        services,
        await services.intake.quotes.set_deadline(who, request.subject, request.version, deadline),
    )


@router.answer(DEADLINE, short_words, intake_cards.DEADLINE_OPEN)
async def deadline_written(who: Person, request: Request, services: Services, data: Mapping[str, Any]) -> Card:
    """Set the deadline that was written."""
    hours = await services.tenants.office_hours(who.tenant)
    deadline = written_deadline(request.text, services.database.clock.now(), hours)
    return await _done(
        who, request, services, await services.intake.quotes.set_deadline(who, data["brief"], data["version"], deadline)
    )


@router.button("qlang", edit=True, place=Place.OWN)
async def ask_language(who: Person, request: Request, services: Services) -> Card:
    """Offer languages; any other can be written."""
    brief = await _open(who, request, services)
    await _wait(who, request, services, LANGUAGE, {"brief": brief.id, "version": brief.version})
    labels = intake_cards.language_labels()
    buttons = [button(label, "lang", brief, choice) for choice, label in labels.items()]
    head = _("Quote · Language")
    return intake_cards.ask_language(head, (_back(brief),), buttons, brief.title)


@router.button(
    "lang", edit=True, place=Place.OWN, choices=LANGUAGES, instead=ANEW, old={f"lang{index}": "" for index in range(6)}
)
async def in_language(who: Person, request: Request, services: Services) -> Card:
    """Set the language that the button names."""
    brief = await services.intake.quotes.set_language(who, request.subject, request.version, LANGUAGES[request.choice])
    return await _done(who, request, services, brief)


@router.answer(LANGUAGE, short_words, intake_cards.LANGUAGE_OPEN)
async def language_written(who: Person, request: Request, services: Services, data: Mapping[str, Any]) -> Card:
    """Set the language that was written."""
    language = language_of(request.text)
    return await _done(
        who, request, services, await services.intake.quotes.set_language(who, data["brief"], data["version"], language)
    )


@router.button("fileask", edit=True, place=Place.OWN)
async def ask_file_format(who: Person, request: Request, services: Services) -> Card:
    """Offer the formats of the finished text's file."""
    return intake_cards.ask_file_format(await _open(who, request, services))


@router.button("fileset", edit=True, place=Place.OWN, choices=FORMATS, instead=ANEW)
async def in_file_format(who: Person, request: Request, services: Services) -> Card:
    """Set the format that the button names, for this brief."""
    wanted = FileFormat(request.choice)
    brief = await services.intake.quotes.set_file_format(who, request.subject, request.version, wanted)
    return await _done(who, request, services, brief)


@router.button("qtarget", edit=True, place=Place.OWN)
async def ask_target(who: Person, request: Request, services: Services) -> Card:
    """Offer minimum scores; any whole number can be written. For operators, on their own quotes and on clients'."""
    who.require(Permission.DECIDE)
    brief = await _open(who, request, services)
    await _wait(who, request, services, TARGET, {"brief": brief.id, "version": brief.version})
    buttons = [button(points, "target", brief, points) for points in POINTS]
    head = _("Quote · QA target")
    return intake_cards.ask_target(head, (_back(brief),), buttons, brief.title)


@router.button(
    "target",
    edit=True,
    place=Place.OWN,
    choices=POINTS,
    instead=ANEW,
    old={f"target{points}": points for points in ("70", "80", "85", "90", "95")},
)
async def at_target(who: Person, request: Request, services: Services) -> Card:
    """Set the minimum score that the button says."""
    brief = await services.intake.quotes.set_target(who, request.subject, request.version, int(request.choice))
    return await _done(who, request, services, brief)


@router.answer(TARGET, short_words, intake_cards.TARGET_OPEN)
async def target_written(who: Person, request: Request, services: Services, data: Mapping[str, Any]) -> Card:
    """Set the minimum score that was written."""
    target = written_target(request.text)
    return await _done(
        who, request, services, await services.intake.quotes.set_target(who, data["brief"], data["version"], target)
    )


async def _open(who: Person, request: Request, services: Services) -> Brief:
    """The brief that a button of its quote is about; raises Stale where it is no longer as the button's card said."""
    brief = await services.intake.briefs.get(who, request.subject)
    check_quoted(brief)
    check_version(brief, request.version)
    return brief


def _back(brief: Brief) -> Button:
    return button(_("Back"), "quote", brief)


async def _wait(who: Person, request: Request, services: Services, step: str, data: dict[str, Any]) -> None:
    await conversations.ask(who, request, services, step, data)


async def _data(who: Person, request: Request, services: Services, step: str) -> Mapping[str, Any] | None:
    conversation = await conversations.of_dialog(who, request, services, "quote")
    return conversation.data if conversation is not None and conversation.step == step else None


async def _done(who: Person, request: Request, services: Services, brief: Brief) -> Card:
    """The brief as the person sees it now; no question waits any more."""
    await conversations.end(who, request, services, "quote")
    return await brief_card(who, request, services, brief.id)
