"""/flags: what is switched off, for whom, by whom; and switching it, with a reason."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.access.model import Permission, Person
from bot.flags import cards
from bot.flags.model import Change, Flag, Mode
from bot.kernel.card import Card
from bot.kernel.errors import Refusal
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.services import Services
from bot.step_up.model import Kind
from handlers.routing import conversations
from handlers.routing.places import Place
from handlers.routing.request import Request
from handlers.routing.router import Router
from handlers.routing.waiting import short_words

router = Router()
ANEW = N_("/flags lists the switches; tap there.")
REASON_STEP = "flags.reason"
SHARE = re.compile(r"(?P<share>\d{1,3})\s*%(?:\s+(?P<reason>.*))?", re.DOTALL)
NAMES = re.compile(r"\s*[^\s,]+(?:\s*,\s*[^\s,]+)*")  # with commas between, also where a space follows one
EXAMPLES = N_(
    "For example: /flags mail off the server is moved; /flags intake 25% trying it out; /flags intake canary 1004 "
    "Alice tries it first."
)


@router.command("Switch parts off and on", Permission.SWITCH_FLAGS, example="/flags", place=Place.PRIVATE, rank=145)
async def flags(who: Person, request: Request, services: Services) -> Card:
    """List all flags; or, with a name and more behind it, switch one."""
    switches = await services.flags.all_of(who)
    if not request.text.strip():
        return cards.listing(switches)
    name, __, rest = request.text.strip().partition(" ")
    if name.lower() not in list(Flag):
        known = _("There is no switch “{name}”; there are {names}.", name=name, names=", ".join(Flag))
        raise Refusal(f"{known} {_examples()}")
    change, reason = wanted(rest.strip())
    return cards.changed(await services.flags.switch(who, Flag(name.lower()), change, reason))


@router.button("fon", choices=list(Flag), place=Place.PRIVATE, instead=ANEW)
async def ask_on(who: Person, request: Request, services: Services) -> Card:
    """Ask for the reason to switch it on."""
    return await _ask(who, request, services, Mode.ON)


@router.button("foff", choices=list(Flag), place=Place.PRIVATE, instead=ANEW)
async def ask_off(who: Person, request: Request, services: Services) -> Card:
    """Ask for the reason to switch it off."""
    return await _ask(who, request, services, Mode.OFF)


async def _ask(who: Person, request: Request, services: Services, mode: Mode) -> Card:
    flag = Flag(request.choice)
    switch = (await services.flags.all_of(who))[flag]
    if flag is Flag.PAYMENTS and mode is Mode.ON:
        await services.step_up.require(who, Kind.PAYMENTS)  # before a reason is written that would be lost
    data = {"flag": flag, "mode": mode, "version": request.version}
    await conversations.ask(who, request, services, REASON_STEP, data)
    return cards.ask_reason(switch, mode)


@router.answer(REASON_STEP, short_words, cards.REASON_OPEN)
async def reason_given(who: Person, request: Request, services: Services, data: Mapping[str, Any]) -> Card:
    """Switch the flag, with the reason that was given."""
    change = Change(Mode(data["mode"]))
    switch = await services.flags.switch(who, Flag(data["flag"]), change, request.text, data["version"])
    await conversations.end(who, request, services, "flags")
    return replace(cards.changed(switch), place="new")


def wanted(text: str) -> tuple[Change, str]:
    """Read a wish, such as "off the server is moved", "25% trying it out" or "canary 1004,1007 they asked for it"."""
    if share := SHARE.fullmatch(text):
        return Change(Mode.PERCENT, percent=int(share["share"])), share["reason"] or ""
    word, __, rest = text.partition(" ")
    match word.lower():
        case Mode.ON | Mode.OFF:
            return Change(Mode(word.lower())), rest
        case Mode.TENANTS | Mode.CANARY:
            named = NAMES.match(rest)
            names = () if named is None else tuple(dict.fromkeys(re.split(r"\s*,\s*", named[0].strip())))
            return Change(Mode(word.lower()), names=names), rest[named.end() if named else 0 :]
    said = _("Say on, off, a share, tenants or canary, and why.")
    raise Refusal(f"{said} {_examples()}")


def _examples() -> str:
    return _(EXAMPLES)
