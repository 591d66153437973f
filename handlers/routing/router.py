"""Routers: each file of handlers says beside every handler what it answers to.

`handlers.catalog` joins them, and makes router, /help, menus and docs/commands.md from that and from nothing else.
"""

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from bot.access.model import Permission, Person
from bot.kernel.card import Card
from bot.kernel.errors import Stale
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.services import Services
from handlers.routing.places import Place
from handlers.routing.request import Request
from handlers.routing.waiting import Answer, Question, never

RequestHandler = Callable[[Person, Request, Services], Awaitable[Card]]
AnyHandler = TypeVar("AnyHandler", bound=RequestHandler)
AnyAnswer = TypeVar("AnyAnswer", bound=Answer)
Named = TypeVar("Named")
OPEN_ANEW = N_("Open the list again and tap there.")
LAST = 500  # a command that says no rank stands behind those that do, before those about the chat itself


def always() -> bool:
    """Whether it is listed: most commands are."""
    return True


@dataclass(frozen=True, slots=True)
class Command:
    """/name. `permission` None: even strangers may. `example` shows how it is written. summary: to be translated.

    place: where its answer may be shown in a group. rank: where it stands in /help and the menus, the lowest first.
    stops: whether it ends the question that waits; one behind that is then said once more.
    listed: whether /help and the menus name it now; who knows it may use it all the same.
    """

    name: str
    summary: str
    permission: Permission | None
    handler: RequestHandler
    example: str
    place: Place = Place.TEAM
    rank: int = LAST
    stops: bool = False
    listed: Callable[[], bool] = always


@dataclass(frozen=True, slots=True)
class Action:
    """What a tap on a button does.

    edit: whether the answer takes the place of the message that was tapped.
    choices: the names of which the button carries one; "" where it need not. Any other is of an old version.
    instead: what to do where a button is from an old version, to be translated; {subject} is the number that it has.
    aside: whether it takes a message for something else than the answer that it seemed to be; the question waits on.
    """

    name: str
    handler: RequestHandler
    edit: bool = False
    place: Place = Place.TEAM
    choices: Collection[str] = ("",)
    instead: str = OPEN_ANEW
    aside: bool = False


@dataclass(frozen=True, slots=True)
class Router:
    """What the handlers of one file answer to, in pairs of a name and who answers.

    subjects: /brief_1042, by what stands before the underscore. replies: what a message does that answers one of ours,
    by the first button under that one; take_files: those that take a file as well. old: buttons of versions before,
    with the action and the choice that they mean.
    """

    commands: list[Command] = field(default_factory=list)
    subjects: list[tuple[str, RequestHandler]] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    old: list[tuple[str, tuple[Action, str]]] = field(default_factory=list)
    replies: list[tuple[str, RequestHandler]] = field(default_factory=list)
    take_files: list[str] = field(default_factory=list)
    questions: list[tuple[str, Question]] = field(default_factory=list)

    def command(
        self,
        summary: str,
        permission: Permission | None,
        *,
        example: str,
        place: Place = Place.TEAM,
        rank: int = LAST,
        stops: bool = False,
        listed: Callable[[], bool] = always,
    ) -> Callable[[AnyHandler], AnyHandler]:
        """Register a handler of the command that the example begins with."""
        name = example.split()[0].removeprefix("/")

        def add(handler: AnyHandler) -> AnyHandler:
            self.commands.append(Command(name, summary, permission, handler, example, place, rank, stops, listed))
            return handler

        return add

    def subject(self, name: str) -> Callable[[AnyHandler], AnyHandler]:
        """Register a handler of /name_1042, in team rooms; what stands behind the underscore is the subject."""

        def add(handler: AnyHandler) -> AnyHandler:
            self.subjects.append((name, handler))
            return handler

        return add

    def button(
        self,
        name: str,
        *,
        edit: bool = False,
        place: Place = Place.TEAM,
        choices: Collection[str] = ("",),
        instead: str = OPEN_ANEW,
        aside: bool = False,
        old: Mapping[str, str] | None = None,
    ) -> Callable[[AnyHandler], AnyHandler]:
        """Register a handler of taps on buttons with that action. See `Action`.

        old: the actions of versions before that it took over, each with the choice that it means; "" where that cannot
        be known, because it was a place in a list.
        """

        def add(handler: AnyHandler) -> AnyHandler:
            action = Action(name, handler, edit, place, choices, instead, aside)
            self.actions.append(action)
            self.old.extend((before, (action, choice)) for before, choice in (old or {}).items())
            return handler

        return add

    def reply(self, action: str, *, files: bool = False) -> Callable[[AnyHandler], AnyHandler]:
        """Register a handler of messages that answer one of ours whose first button has that action.

        files: also those with a file; else such a file is what it would be if it answered nothing.
        """

        def add(handler: AnyHandler) -> AnyHandler:
            self.replies.append((action, handler))
            self.take_files.extend([action] if files else [])
            return handler

        return add

    def answer(
        self,
        step: str,
        takes: Callable[[Request], bool],
        again: str,
        *,
        claims: Callable[[Request], bool] = never,
        album: bool = False,
    ) -> Callable[[AnyAnswer], AnyAnswer]:
        """Register a handler of the answer to the question that waits at that step. See `Question`."""

        def add(handler: AnyAnswer) -> AnyAnswer:
            self.questions.append((step, Question(handler, takes, again, claims, album)))
            return handler

        return add


def joined(pairs: Iterable[tuple[str, Named]]) -> Mapping[str, Named]:
    """All by their names; raises ValueError where a name occurs twice."""
    found: dict[str, Named] = {}
    for name, one in pairs:
        if name in found:
            raise ValueError(f"two handlers answer to “{name}”")
        found[name] = one
    return found


def old_button(instead: str) -> Stale:
    """What somebody reads who tapped a button whose meaning is no longer known. instead: what to do, translated."""
    said = _("This button is from an old version, so nothing was done.")
    return Stale(f"{said} {instead}")
