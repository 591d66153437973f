"""Queries on what the gate decided, what people said of the same text, the targets it is held to, and the probes."""

from sqlalchemy import bindparam, func, select, update

from bot.briefs.model import Brief, Draft
from bot.kernel.task_type import TaskType
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.types import Int64
from storage.engine.upsert import insert_new
from storage.quality import folds
from storage.tables.briefs import drafts
from storage.tables.people import people
from storage.tables.quality import adopted_lines, probes, verdicts

OWN_LINE = select(people.c.qa_target).where(
    people.c.tenant == bindparam("of_tenant"), people.c.id == bindparam("client")
)
ADOPTED_TARGET = select(adopted_lines.c.target).where(
    adopted_lines.c.tenant == bindparam("of_tenant"), adopted_lines.c.task_type == bindparam("type")
)
TARGET = select(
    func.coalesce(
        OWN_LINE.scalar_subquery(),
        ADOPTED_TARGET.order_by(adopted_lines.c.id.desc()).limit(1).scalar_subquery(),
        bindparam("otherwise", type_=Int64),
    )
)
_PROMPT = select(drafts.c.prompt_id).where(
    drafts.c.tenant == bindparam("of_tenant"), drafts.c.id == bindparam("of_draft")
)
PROMPT = _PROMPT.scalar_subquery()


async def target_for(connection: Connection, tenant: str, client_id: int, task_type: TaskType, otherwise: int) -> int:
    """The target of a new brief that is given none: its client's, else the newest that was adopted for its type, else
    `otherwise`.
    """
    given = {"of_tenant": tenant, "client": client_id, "type": task_type, "otherwise": otherwise}
    return int((await connection.execute(TARGET, given)).scalar_one())


async def add_verdict(
    tx: Transaction, brief: Brief, draft: Draft, *, weighted: int | None, passed: bool, blind: bool, judge_model: str
) -> None:
    """Keep what the gate decided on a draft: passed or not, and whether a person is to decide without the scores.

    A draft that passed and is looked at blind is an audit of the gate.
    weighted: the score that counted, in hundredths of a point. The first verdict on a draft stands.
    """
    row = {"tenant": brief.tenant, "brief_id": brief.id, "draft_id": draft.id, "content_hash": draft.content_hash}
    row |= {"task_type": brief.task_type, "weighted": weighted, "target": brief.qa_target, "passed": passed}
    row |= {"audited": passed and blind, "blind": blind, "judge_model": judge_model, "created_at": tx.now}
    row |= {"of_tenant": brief.tenant, "of_draft": draft.id}
    await insert_new(tx, verdicts, row, "draft_id", computed={"prompt_id": PROMPT})


async def is_blind(connection: Connection, tenant: str, draft_id: int) -> bool:
    """Whether people decide on the draft without its scores."""
    query = select(verdicts.c.blind).where(verdicts.c.tenant == tenant, verdicts.c.draft_id == draft_id)
    return bool((await connection.execute(query)).scalar())


async def record_human(tx: Transaction, brief: Brief, draft: Draft, verdict: str, person_id: int) -> None:
    """Write down what a person decided on the same text: approved, sent_back, rejected or edited.

    The first decision stands. Where the gate had no say (a person asked for the draft), nothing is written.
    """
    open_one = update(verdicts).where(
        verdicts.c.tenant == brief.tenant, verdicts.c.draft_id == draft.id, verdicts.c.human.is_(None)
    )
    decided = open_one.values(human=verdict, person_id=person_id, decided_at=tx.now)
    made = (await tx.run(decided.returning(verdicts.c.created_at))).scalars()
    await folds.unfold(tx, brief.tenant, *made)


async def doubted(tx: Transaction, brief: Brief) -> None:
    """Note that the brief is flagged now, which counts for its earlier verdicts as well."""
    query = select(verdicts.c.created_at).where(verdicts.c.tenant == brief.tenant, verdicts.c.brief_id == brief.id)
    await folds.unfold(tx, brief.tenant, *(await tx.run(query)).scalars())


async def probed(connection: Connection, tenant: str, brief_id: int) -> bool:
    """Whether a known-bad draft was put before the judge on the occasion of this brief."""
    query = select(probes.c.id).where(probes.c.tenant == tenant, probes.c.brief_id == brief_id).limit(1)
    return (await connection.execute(query)).first() is not None


async def add_probe(
    tx: Transaction, brief: Brief, name: str, *, weighted: int | None, passed: bool, judge_model: str
) -> None:
    """Keep what the judge made of a known-bad draft; `name` says in which way it was bad."""
    row = {"tenant": brief.tenant, "brief_id": brief.id, "golden": name, "task_type": brief.task_type}
    row |= {"judge_model": judge_model, "weighted": weighted, "passed": passed, "created_at": tx.now}
    await tx.run(probes.insert(), row)
