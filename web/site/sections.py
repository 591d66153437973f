"""The parts of the dashboard: who sees which, and in which order they stand."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.access.model import TENANT, Permission, Person
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_

IN_THE_BAR = 4  # at the foot of a phone; the others stand behind "More"


@dataclass(frozen=True, slots=True)
class Section:
    """title: to be translated. seen_by: whether a person sees it at all; its verbs check it once more."""

    path: str
    title: str
    icon: str
    seen_by: Callable[[Person], bool]

    @property
    def words(self) -> str:
        """What it is called."""
        return _(self.title)


def _may(*permissions: Permission) -> Callable[[Person], bool]:
    return lambda who: any(who.may(permission) for permission in permissions)


def _watches(who: Person) -> bool:
    return who.may(Permission.WATCH) or (who.may(Permission.READ_REPORTS) and who.tenant == TENANT)


SECTIONS: Sequence[Section] = (
    Section("/overview", N_("Overview"), "overview", _may(Permission.SEE_OWN, Permission.SEE_ALL)),
    Section("/briefs", N_("Briefs"), "briefs", _may(Permission.SEE_OWN, Permission.SEE_ALL)),
    Section("/money", N_("Money"), "money", _may(Permission.SEE_OWN, Permission.SEE_ALL)),
    Section("/quality", N_("Quality"), "quality", _may(Permission.READ_REPORTS)),
    Section("/clients", N_("Clients"), "clients", _may(Permission.SEE_ALL)),
    Section("/costs", N_("Costs"), "costs", _may(Permission.READ_REPORTS)),
    Section("/jobs", N_("Jobs"), "jobs", _may(Permission.RUN_JOBS)),
    Section("/reliability", N_("Reliability"), "reliability", _watches),
    Section("/audit", N_("Audit"), "audit", _may(Permission.READ_REPORTS)),
)


def seen_by(who: Person) -> list[Section]:
    """Those that the person sees."""
    return [section for section in SECTIONS if section.seen_by(who)]
