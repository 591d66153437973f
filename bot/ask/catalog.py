"""The queries that there are: what each tells, what it is given, and who may ask it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from bot.access.model import Permission
from bot.ask.model import Arguments, Choice, InMoney, InPeriod, Name, OfType, OfWork, Overdue, Owed, Revenue
from bot.kernel.translation import gettext_noop as N_

_MONEY, _WORK = Permission.READ_REPORTS, Permission.SEE_ALL


@dataclass(frozen=True, slots=True)
class Query:
    """A query. title: for people, to be translated. tells: for whoever chooses among them, a model too.

    example: a question that it answers, to be translated; by `by_example` for what time.
    """

    title: str
    tells: str
    takes: type[Arguments]
    permission: Permission
    example: str
    by_example: Mapping[str, Any]


def _query(
    title: str, tells: str, takes: type[Arguments], permission: Permission, example: str, period: str = ""
) -> Query:
    return Query(title, tells, takes, permission, example, {"period": period} if period else {})


QUERIES: Mapping[Name, Query] = {
    Name.REVENUE: _query(
        N_("Revenue"), "what was earned in a period, in all or of one type of work or one client",
        Revenue, _MONEY, N_("What was the revenue this month?"), "this_month"),
    Name.REVENUE_CHANGE: _query(
        N_("Change of revenue"), "why or by how much revenue rose or fell: a period against the one before it, and "
        "which clients and types of work moved it",
        InMoney, _MONEY, N_("Why did revenue change last week?"), "last_week"),
    Name.REVENUE_BY_TYPE: _query(
        N_("Revenue by type of work"), "which types of work earned how much in a period",
        InMoney, _MONEY, N_("Revenue by type last month"), "last_month"),
    Name.TOP_CLIENTS: _query(
        N_("Revenue by client"), "which clients earned us most in a period",
        InMoney, _MONEY, N_("Who are the top clients this year?"), "this_year"),
    Name.MARGIN: _query(
        N_("Margin"), "what is left of revenue after refunds, fees and models: profit",
        InMoney, _MONEY, N_("What was the margin last month?"), "last_month"),
    Name.MODEL_COSTS: _query(
        N_("Cost of models"), "what calls of AI models cost in a period, by model; always in USD",
        InPeriod, _MONEY, N_("What did the models cost this week?"), "this_week"),
    Name.REFUNDS: _query(
        N_("Refunds"), "how much money went back to clients in a period",
        InMoney, _MONEY, N_("How much was refunded last month?"), "last_month"),
    Name.OVERDUE: _query(
        N_("Overdue invoices"), "which unpaid invoices are past their due day now, in all or of one client",
        Overdue, _WORK, N_("Which invoices are overdue?")),
    Name.RECEIVABLES: _query(
        N_("Owed by clients"), "what clients owe us now on all unpaid invoices, due or not, by age",
        Owed, _MONEY, N_("How much do clients owe us?")),
    Name.BRIEFS: _query(
        N_("Briefs"), "how many briefs came in during a period and where they stand now, perhaps of one type or client",
        OfWork, _WORK, N_("How many briefs came in this week?"), "this_week"),
    Name.BRIEFS_BY_TYPE: _query(
        N_("Briefs by type of work"), "how many briefs of each type of work came in during a period",
        InPeriod, _WORK, N_("Briefs by type this month"), "this_month"),
    Name.TURNAROUND: _query(
        N_("Turnaround"), "how long briefs took from the client's yes to delivery, for those delivered in a period",
        OfType, _MONEY, N_("How fast did we deliver last week?"), "last_week"),
    Name.QUALITY: _query(
        N_("Quality scores"), "the average score of approved drafts in a period, and how many passed without a person",
        OfType, _MONEY, N_("How good was the quality last month?"), "last_month"),
    Name.RATINGS: _query(
        N_("Stars from clients"), "the stars that clients gave to delivered work in a period",
        InPeriod, _MONEY, N_("What stars did clients give last month?"), "last_month"),
    Name.LOAD: _query(
        N_("Load"), "how busy a period was: briefs hour by hour, and the busiest hour",
        InPeriod, _MONEY, N_("How busy were we yesterday?"), "yesterday"),
    Name.INCIDENTS: _query(
        N_("Incidents"), "which incidents (outages, trouble) were opened in a period",
        InPeriod, Permission.WATCH, N_("Which incidents were there this month?"), "this_month"),
    Name.FAILED_JOBS: _query(
        N_("Failed jobs"), "which scheduled jobs failed or were missed in a period",
        InPeriod, Permission.RUN_JOBS, N_("Which jobs failed this week?"), "this_week"),
}  # fmt: skip
# Those that are shown to be tapped where nothing was found.
EXAMPLES = (Name.REVENUE_CHANGE, Name.OVERDUE, Name.TURNAROUND)
TITLES: Mapping[Name, str] = {name: query.title for name, query in QUERIES.items()}


def chosen(name: Name, **given: Any) -> Choice:
    """That query with these arguments. Raises ValidationError where it does not take them."""
    return Choice(name, QUERIES[name].takes.model_validate(given))


def could_take(name: Name, argument: str) -> bool:
    """Whether the query has an argument of that name."""
    return argument in QUERIES[name].takes.model_fields


def example(name: Name) -> Choice:
    """The query as its example asks it."""
    return chosen(name, **QUERIES[name].by_example)


def wrong(error: ValidationError) -> str:
    """What is wrong with arguments, for whoever chose them; without what they were."""
    return "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors(include_input=False))
