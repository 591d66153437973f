"""Which function runs which query: one for each name, each given a look at its asker's tenant alone."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from bot.ask.model import Choice, Name, Result
from bot.ask.running import money, work
from bot.ask.running.looking import Look

Run = Callable[[Look, Choice], Awaitable[Result]]
RUN: Mapping[Name, Run] = {
    Name.REVENUE: partial(money.run, query=money.revenue),
    Name.REVENUE_CHANGE: partial(money.run, query=money.revenue_change),
    Name.REVENUE_BY_TYPE: partial(money.run, query=money.by_type),
    Name.TOP_CLIENTS: partial(money.run, query=money.top_clients),
    Name.MARGIN: partial(money.run, query=money.margin),
    Name.MODEL_COSTS: money.model_costs,
    Name.REFUNDS: money.refunds,
    Name.OVERDUE: money.overdue,
    Name.RECEIVABLES: money.owed,
    Name.BRIEFS: work.briefs,
    Name.BRIEFS_BY_TYPE: work.by_type,
    Name.TURNAROUND: work.turnaround,
    Name.QUALITY: work.quality,
    Name.RATINGS: work.ratings,
    Name.LOAD: work.load,
    Name.INCIDENTS: work.incidents,
    Name.FAILED_JOBS: work.failed_jobs,
}
