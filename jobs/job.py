"""What a scheduled job is."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast

from bot.access.model import TENANT
from bot.kernel.tasks import Pool, TaskKind
from bot.kernel.translation import reading_as
from bot.services import Services

JOB_RUN = TaskKind("job_run", Pool.QUICK)
Misfire = Literal["catch up", "report"]
OfSystem = Callable[[Services], Awaitable[str]]
OfTenant = Callable[[Services, str], Awaitable[str]]
OfTime = Callable[[Services, str, datetime], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class Job:
    """A scheduled job.

    cron: when, UTC, in five fields; the setting JOB_TIMES may say otherwise.
    misfire: a time that passed while nothing ran is caught up (once, for the latest), or reported as missed.
    timeout: seconds that a run may take. `run` returns a line that says what it did.
    scope: "system" runs once for the installation, "tenant" once for each tenant, which `run` is given; "tenant at" is
    given the time too at which the run was due, which may be long ago where it was caught up.
    vital: nothing else does it, so people are reminded of it while it is paused.
    """

    name: str
    summary: str
    cron: str
    misfire: Misfire
    timeout: float
    run: OfSystem | OfTenant | OfTime
    scope: Literal["system", "tenant", "tenant at"] = "system"
    vital: bool = False

    def runs_for(self, tenant: str) -> bool:
        """Whether there are runs of it for that tenant, who is one that things happen for."""
        return self.scope != "system" or tenant == TENANT

    async def carry_out(self, services: Services, tenant: str, due: datetime | None = None) -> str:
        """Run it. tenant: whose run it is; what is made for nobody in particular is in that tenant's words. due: by
        default now.
        """
        if self.scope == "system":
            return await cast(OfSystem, self.run)(services)
        with reading_as(await services.tenants.reader(tenant)):
            if self.scope == "tenant at":
                return await cast(OfTime, self.run)(services, tenant, due or services.database.clock.now())
            return await cast(OfTenant, self.run)(services, tenant)
