"""Who may do what. Deny by default: what a role is not given here, it may not do."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.kernel.errors import Forbidden
from bot.kernel.text.words import listed
from bot.kernel.translation import SOURCE_LANGUAGE, Reader, best_language, home
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_

TENANT = "main"  # whose the installation is: its machinery, its payment provider, people whom it makes admins
CANARY = "echopilot-canary"  # whose briefs are a test of ourselves: in no report, no books, and not in Notion


class Role(StrEnum):
    """What a person is to the business; STRANGER is anybody that nobody invited, REMOVED who was let out again."""

    STRANGER = "stranger"
    REMOVED = "removed"
    CLIENT = "client"
    ANALYST = "analyst"
    OPERATOR = "operator"
    ADMIN = "admin"

    @property
    def words(self) -> str:
        """ "operator", for people."""
        return _(_WORDS[self][0])

    @property
    def one(self) -> str:
        """ "an operator", as what somebody is."""
        return _(_WORDS[self][1])

    @property
    def many(self) -> str:
        """ "operators"."""
        return _(_WORDS[self][2])

    def may_do_as_much_as(self, other: "Role") -> bool:
        """Whether this role is the other one, or one that stands above it in the order of this list."""
        order = list(Role)
        return order.index(self) >= order.index(other)


# A role by itself, as what one person is, and as what several are.
_WORDS = {
    Role.STRANGER: (N_("stranger"), N_("a stranger"), N_("strangers")),
    Role.REMOVED: (N_("removed"), N_("removed"), N_("removed people")),
    Role.CLIENT: (N_("client"), N_("a client"), N_("clients")),
    Role.ANALYST: (N_("analyst"), N_("an analyst"), N_("analysts")),
    Role.OPERATOR: (N_("operator"), N_("an operator"), N_("operators")),
    Role.ADMIN: (N_("admin"), N_("an admin"), N_("admins")),
}


class Permission(StrEnum):
    """One thing that a role may be allowed to do."""

    USE = "use the bot"
    SUBMIT_BRIEFS = "submit briefs"
    SEE_OWN = "see their own briefs and invoices"
    SEE_ALL = "see every brief and invoice"
    WRITE_TO_TEAM = "write to the team"
    ANSWER_CLIENTS = "answer clients"
    DECIDE = "decide on drafts"
    RUN_JOBS = "run jobs"
    READ_REPORTS = "read reports"
    INVITE = "invite people"
    SET_TARGETS = "set the line of a client's briefs"
    READ_PROMPTS = "read prompts"
    CHANGE_PROMPTS = "change prompts"
    ADOPT_TARGETS = "adopt quality lines"
    MANAGE_PEOPLE = "manage people"
    BIND_ROOMS = "bind team rooms"
    SWITCH_FLAGS = "switch parts off and on"
    KEEP_LEDGER = "see and correct the ledger"
    MAKE_INVOICES = "make, void and write off invoices"
    REQUEST_REFUNDS = "ask for refunds"
    APPROVE_REFUNDS = "approve refunds"
    SET_PRICES = "set prices"
    OPEN_BUDGETS = "open budgets"
    WATCH = "see and handle alerts"
    KEEP_BACKUPS = "keep backups"
    MANAGE_PARTNERS = "manage partners"
    KEEP_MIRROR = "look after Notion"
    GOVERN = "decide on proposals and set targets of key figures"


# Translators: {roles} is "operators and admins", {role} is "a client".
ONLY = {
    Permission.USE: N_("Only {roles} may use the bot; you are {role}."),
    Permission.SUBMIT_BRIEFS: N_("Only {roles} may submit briefs; you are {role}."),
    Permission.SEE_OWN: N_("Only {roles} may see their own briefs and invoices; you are {role}."),
    Permission.SEE_ALL: N_("Only {roles} may see every brief and invoice; you are {role}."),
    Permission.WRITE_TO_TEAM: N_("Only {roles} may write to the team; you are {role}."),
    Permission.ANSWER_CLIENTS: N_("Only {roles} may answer clients; you are {role}."),
    Permission.DECIDE: N_("Only {roles} may decide on drafts; you are {role}."),
    Permission.RUN_JOBS: N_("Only {roles} may run jobs; you are {role}."),
    Permission.READ_REPORTS: N_("Only {roles} may read reports; you are {role}."),
    Permission.INVITE: N_("Only {roles} may invite people; you are {role}."),
    Permission.SET_TARGETS: N_("Only {roles} may set the minimum score for a client's briefs; you are {role}."),
    Permission.READ_PROMPTS: N_("Only {roles} may read prompts; you are {role}."),
    Permission.CHANGE_PROMPTS: N_("Only {roles} may change prompts; you are {role}."),
    Permission.ADOPT_TARGETS: N_("Only {roles} may change minimum scores; you are {role}."),
    Permission.MANAGE_PEOPLE: N_("Only {roles} may manage people; you are {role}."),
    Permission.BIND_ROOMS: N_("Only {roles} may bind team rooms; you are {role}."),
    Permission.SWITCH_FLAGS: N_("Only {roles} may switch parts off and on; you are {role}."),
    Permission.KEEP_LEDGER: N_("Only {roles} may see and correct the ledger; you are {role}."),
    Permission.MAKE_INVOICES: N_("Only {roles} may make, void and write off invoices; you are {role}."),
    Permission.REQUEST_REFUNDS: N_("Only {roles} may ask for refunds; you are {role}."),
    Permission.APPROVE_REFUNDS: N_("Only {roles} may approve refunds; you are {role}."),
    Permission.SET_PRICES: N_("Only {roles} may set prices; you are {role}."),
    Permission.OPEN_BUDGETS: N_("Only {roles} may open budgets; you are {role}."),
    Permission.WATCH: N_("Only {roles} may see and handle alerts; you are {role}."),
    Permission.KEEP_BACKUPS: N_("Only {roles} may look after backups; you are {role}."),
    Permission.MANAGE_PARTNERS: N_("Only {roles} may manage partners; you are {role}."),
    Permission.KEEP_MIRROR: N_("Only {roles} may look after Notion; you are {role}."),
    Permission.GOVERN: N_("Only {roles} may decide on proposals and set targets; you are {role}."),
}
REMOVED_WORDS = N_("Your access here has ended; your briefs and invoices are kept, and an admin can let you in again.")
_CLIENT = {Permission.USE, Permission.SUBMIT_BRIEFS, Permission.SEE_OWN, Permission.WRITE_TO_TEAM}
_ANALYST = {
    Permission.USE,
    Permission.WRITE_TO_TEAM,
    Permission.SEE_ALL,
    Permission.READ_REPORTS,
    Permission.READ_PROMPTS,
}
_OPERATOR = _ANALYST | _CLIENT
_OPERATOR |= {Permission.ANSWER_CLIENTS, Permission.DECIDE, Permission.RUN_JOBS}
_OPERATOR |= {Permission.MAKE_INVOICES, Permission.REQUEST_REFUNDS, Permission.WATCH}
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
    preferred_language, zone: what they chose themselves, "" where they did not. quiet_hours, heard: when they want to
    hear nothing, and of what, as `bot.messages.wishes` reads it. file_format: how they want finished texts as files
    (`bot.kernel.text.file_format`), "" where they did not say.
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
    preferred_language: str = ""
    zone: str = ""
    quiet_hours: str = ""
    heard: str = ""
    file_format: str = ""

    @property
    def reader(self) -> Reader:
        """In which words and times to speak with them: their own, else their tenant's, else the installation's."""
        said = (self.preferred_language, self.language, self.tenant_language, home().language)
        return Reader(best_language(*said), self.zone or self.tenant_zone or home().zone)

    def may(self, permission: Permission) -> bool:
        return permission in GRANTS[self.role]

    def require(self, permission: Permission) -> None:
        """Raise Forbidden, naming the rule and who can lift it, unless the person's role has the permission."""
        if self.may(permission):
            return
        if self.role is Role.STRANGER:
            raise Forbidden(
                _("I do not know you yet. Open the invitation link that you were sent, or ask for one by /support.")
            )
        if self.role is Role.REMOVED:
            raise Forbidden(_(REMOVED_WORDS))
        roles = listed([role.many for role in GRANTS if permission in GRANTS[role]])
        only, then = _(ONLY[permission], roles=roles, role=self.role.one), _("An admin can change your role.")
        raise Forbidden(f"{only} {then}")


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


def stranger(telegram_id: int, name: str, language: str = SOURCE_LANGUAGE) -> Person:
    """Somebody unknown, who may ask for help and redeem an invitation. language: what their app says."""
    return Person(id=0, tenant="", telegram_id=telegram_id, name=name, role=Role.STRANGER, language=language)
