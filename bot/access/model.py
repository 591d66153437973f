"""Who may do what. Deny by default: what a role is not given here, it may not do."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.kernel.errors import Forbidden
from bot.kernel.translation import Reader, best_language, home

TENANT = "main"  # whose the installation is: its machinery, its payment provider, people whom it makes admins


class Role(StrEnum):
    """What a person is to the business; STRANGER is anybody that nobody invited, REMOVED who was let out again."""

    STRANGER = "stranger"
    REMOVED = "removed"
    CLIENT = "client"
    ANALYST = "analyst"
    OPERATOR = "operator"
    ADMIN = "admin"

    @property
    def with_article(self) -> str:
        """ "a client", "an operator"."""
        return f"an {self}" if self[0] in "aeiou" else f"a {self}"

    def may_do_as_much_as(self, other: "Role") -> bool:
        """Whether this role is the other one, or one that stands above it in the order of this list."""
        order = list(Role)
        return order.index(self) >= order.index(other)


class Permission(StrEnum):
    """One thing that a role may be allowed to do."""

    USE = "use the bot"
    SUBMIT_BRIEFS = "submit briefs"
    SEE_OWN = "see their own briefs and invoices"
    SEE_ALL = "see every brief and invoice"
    DECIDE = "decide on drafts"
    RUN_JOBS = "run jobs"
    READ_REPORTS = "read reports"
    INVITE = "invite people"
    SET_TARGETS = "set the line of a client's briefs"
    READ_PROMPTS = "read prompts"
    CHANGE_PROMPTS = "change prompts"
    SET_LINES = "adopt quality lines"
    MANAGE_PEOPLE = "manage people"
    BIND_ROOMS = "bind team rooms"
    SWITCH_FLAGS = "switch parts off and on"


REMOVED_WORDS = "Your access here has ended; your briefs and invoices are kept, and an admin can let you in again."
_CLIENT = {Permission.USE, Permission.SUBMIT_BRIEFS, Permission.SEE_OWN}
_ANALYST = {Permission.USE, Permission.SEE_ALL, Permission.READ_REPORTS, Permission.READ_PROMPTS}
_OPERATOR = _ANALYST | {Permission.SUBMIT_BRIEFS, Permission.SEE_OWN, Permission.DECIDE, Permission.RUN_JOBS}
GRANTS: dict[Role, frozenset[Permission]] = {
    Role.STRANGER: frozenset(),
    Role.REMOVED: frozenset(),
    Role.CLIENT: frozenset(_CLIENT),
    Role.ANALYST: frozenset(_ANALYST),
    Role.OPERATOR: frozenset(_OPERATOR),
    Role.ADMIN: frozenset(Permission),
}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who writes to the bot. A stranger has id 0 and belongs to no tenant ("").

    language: as their app says, "" where it does not. tenant_language, tenant_zone: of their tenant, where it has any.
    """

    id: int
    tenant: str
    telegram_id: int
    name: str
    role: Role
    language: str = "en"
    email: str | None = None
    reach: str = "open"
    tenant_language: str = ""
    tenant_zone: str = ""

    @property
    def reader(self) -> Reader:
        """In which words to speak with them: their own, else their tenant's, else the installation's."""
        language = best_language(self.language, self.tenant_language, home().language)
        return Reader(language, self.tenant_zone or home().zone)

    def may(self, permission: Permission) -> bool:
        return permission in GRANTS[self.role]

    def require(self, permission: Permission) -> None:
        """Raise Forbidden, naming the rule and who can lift it, unless the person's role has the permission."""
        if self.may(permission):
            return
        if self.role is Role.STRANGER:
            raise Forbidden("I do not know you yet. Open the invitation link that you were sent, or ask for one.")
        if self.role is Role.REMOVED:
            raise Forbidden(REMOVED_WORDS)
        *others, last = [f"{role}s" for role in GRANTS if permission in GRANTS[role]]
        who = f"{', '.join(others)} and {last}" if others else last
        raise Forbidden(
            f"Only {who} may {permission}; you are {self.role.with_article}. An admin can change your role."
        )


@dataclass(frozen=True, slots=True)
class Invite:
    """An invitation that somebody may still use. by: the name of who made it."""

    id: int
    role: Role
    by: str
    created_by: int
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class TeamRoom:
    """A group that an admin bound: what is otherwise told in private is answered there, until it is ended.

    by: the admin's name. message_id: the /here that changed it last.
    """

    id: int
    tenant: str
    chat_id: int
    title: str
    by: str
    bound_at: datetime
    ended: bool
    message_id: int


def stranger(telegram_id: int, name: str) -> Person:
    """Somebody unknown, who may ask for help and redeem an invitation."""
    return Person(id=0, tenant="", telegram_id=telegram_id, name=name, role=Role.STRANGER)
