"""What approvals need of the area whose deed it is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.access.model import Permission
from bot.approvals.model import Terms
from bot.kernel.tasks import TaskKind
from bot.step_up.model import Kind
from storage.engine.connection import Connection


@dataclass(frozen=True, slots=True)
class Subject:
    """How the thing reads: its name as a headline begins, and what people have to know of it, as lines of HTML."""

    name: str
    lines: Sequence[str]


class Deed(Protocol):
    """Something that is done once enough people said yes.

    kind: of its subjects ("refund" of "refund:1001"). task: does it, by the subject's number. asks: the permission of
    who may ask for it; permission: of who may say yes. step_up: what confirms a yes where several are needed.
    """

    @property
    def kind(self) -> str: ...
    @property
    def task(self) -> TaskKind: ...
    @property
    def asks(self) -> Permission: ...
    @property
    def permission(self) -> Permission: ...
    @property
    def step_up(self) -> Kind | None: ...

    async def terms(self, connection: Connection, tenant: str, number: int) -> Terms | None:
        """What it is now, held for the rest of the transaction; None where it is not to be done any more."""
        ...

    async def subject(self, connection: Connection, tenant: str, number: int) -> Callable[[], Subject]:
        """What makes it readable, in the language of who reads."""
        ...
