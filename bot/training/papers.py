"""The training audit as a PDF: its words, then agreement, minimum scores, prompts and drift in tables."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from bot.calibration.agreement import kappa
from bot.calibration.cards import prompt_name
from bot.calibration.figures import Standing
from bot.calibration.service import PAST
from bot.kernel.text import played
from bot.kernel.text.fitting import plain
from bot.kernel.text.words import moment, share
from bot.kernel.translation import calendar_day, decimal, local, ngettext, number, reader, right_to_left
from bot.kernel.translation import gettext as _
from bot.pdf.model import Block, Paper, Table, Words
from bot.prompts.cards import label
from bot.quality.model import CRITERIA
from bot.training.cards import said, title
from bot.training.model import Audit

NOTHING = "–"


def paper(of: Audit, brand: str) -> Paper:
    """All that its card says, and what it rests on."""
    words = [Words(plain(line)) for line in (*filter(None, [played.notice()]), *said(of))]
    note = _("Made {time}", time=moment(of.at))
    return Paper(title(of), brand, [*words, *_tables(of)], note, reader().language, right_to_left())


def _tables(of: Audit) -> Iterator[Block]:
    yield Words(_("Agreement of check and people"), heading=True)
    yield _agreement(of)
    yield Words(_("Minimum scores"), heading=True)
    yield _targets(of)
    yield Words(_("Prompts in use"), heading=True)
    header = [_("Prompt"), _("Version"), _("Since")]
    yield Table(header, [[label(one.purpose, one.task_type), number(one.version), _day(one.created_at)]
                         for one in of.prompts])  # fmt: skip
    yield from _versions(of)
    yield Words(_("Scores by week"), heading=True)
    yield _weeks(of)


def _agreement(of: Audit) -> Table:
    columns = ((_days(of.days), of.standing), (_days(PAST.days), of.recent))
    rows = [
        [_("Drafts checked"), *(number(one.decisions) for _words, one in columns)],
        [_("Decided by people"), *(number(round(one.read.total)) for _words, one in columns)],
        [_("of these with scores hidden"), *(number(round(one.blind.total)) for _words, one in columns)],
        [_("Agreed"), *(_agreed(one) for _words, one in columns)],
        [_("Kappa"), *(_kappa(one) for _words, one in columns)],
    ]
    return Table(["", *(words for words, _one in columns)], rows)


def _days(n: int) -> str:
    return ngettext("{n} day", "{n} days", n)


def _agreed(of: Standing) -> str:
    total = round(of.read.total)
    return share(round(of.read.passed_good + of.read.held_bad), total) if total else NOTHING


def _kappa(of: Standing) -> str:
    value = kappa(of.read)
    return NOTHING if value is None else decimal(Decimal(value), 2)


def _targets(of: Audit) -> Table:
    rows = [
        [
            one.task_type.words,
            number(one.proposal.present),
            NOTHING if one.adopted is None else _day(one.adopted.at),
            number(one.proposal.audits.total),
            number(one.proposal.audits.bad),
            _("Yes") if one.proposal.proven else _("No"),
        ]
        for one in of.targets
    ]
    return Table([_("Type"), _("Minimum"), _("Since"), _("Checked"), _("Bad"), _("Proven")], rows)


def _versions(of: Audit) -> Iterator[Block]:
    if not of.versions:
        return
    yield Words(_("Drafts by prompt and judge"), heading=True)
    rows = [
        [
            f"{prompt_name(one)}, {one.judge_model}",
            number(one.decisions),
            NOTHING if one.score is None else decimal(Decimal(one.score), 1),
            number(one.passed),
            number(one.read.total),
            number(one.read.bad),
        ]
        for one in of.versions
    ]
    yield Table([_("Prompt"), _("Drafts"), _("Score"), _("Passed"), _("Decided"), _("Turned down")], rows)


def _weeks(of: Audit) -> Table:
    rows = [
        [_day(one.since), number(one.drafts),
         *(decimal(Decimal(one.scores[name]), 1) if name in one.scores else NOTHING for name in CRITERIA)]
        for one in of.weeks
    ]  # fmt: skip
    return Table([_("Week from"), _("Drafts"), *(one.words for one in CRITERIA)], rows)


def _day(at: datetime) -> str:
    return calendar_day(local(at).date(), "d MMM y")
