"""Governance over the wire: targets, policies, decisions with a reason, and the week's evidence."""

import pytest

from bot.access.model import TENANT
from bot.decisions.proposing import propose
from tests.alerting import runs
from tests.house import House

pytestmark = pytest.mark.both_databases
FACTS: dict[str, str | int] = {
    "setting": "WORKER_CONCURRENCY",
    "present": 20,
    "n": 40,
    "held_hours": 80,
    "reason": "tasks wait",
}
FACTS |= {"busy": 30, "all": 700}


async def test_a_decision(home: House) -> None:
    """An admin is shown a proposal, adopts it by a tap and a reason, and reads it in the log with her name; the card in
    her chat says so and has no button any more.
    """
    await home.staff()
    await home.running.app.services.database.write(lambda tx: propose(tx, TENANT, "concurrency", "one", FACTS))
    card = await home.carol.sees("Proposal 1001 · 40 tasks at once")
    assert card.labels == ["Adopt", "Decline"]
    await home.carol.taps("Adopt", card)
    await home.carol.sees("Adopt proposal 1001?")
    await home.carol.says("It held all month.")
    done = await home.carol.sees("Why: It held all month.", after=card)
    assert "Adopted by Carol" in done.text
    edited = await home.carol.sees("Adopted by Carol", message=card)
    assert edited.labels == []
    mark = home.bob.mark()
    await home.bob.says("/decisions")
    listed = await home.bob.sees("Decision log", after=mark)
    assert "/decision_1001 40 tasks at once · Adopted by Carol" in listed.text
    await home.bob.taps("CSV", listed)
    file = await home.bob.sees("1 proposal; times of")
    assert file.document is not None


async def test_without_a_reason(home: House) -> None:
    """One letter is no reason: the question stays open, and the next answer counts."""
    await home.staff()
    await home.running.app.services.database.write(lambda tx: propose(tx, TENANT, "concurrency", "one", FACTS))
    card = await home.carol.sees("Proposal 1001")
    await home.carol.taps("Decline", card)
    await home.carol.sees("Decline proposal 1001?")
    await home.carol.says("x")
    await home.carol.sees("Write why, in a few words")
    await home.carol.says("We buy a machine first.")
    assert "Declined by Carol" in (await home.carol.sees("Why: We buy a machine first.")).text


async def test_targets_and_policies(home: House) -> None:
    """Carol sets a target by chat, an alert says that it is missed, and the policies are shown as kept; Bob may not."""
    await home.staff()
    await home.carol.says("/kpis delivered 20")
    await home.carol.sees("Delivered briefs · Target 20")
    await runs(home.running.app, "governance_loop")
    alert = await home.carol.sees("Delivered briefs: 100 % off its target")
    assert "/kpis shows target and actual" in alert.text
    mark = home.carol.mark()
    await home.carol.says("/kpis")
    shown = await home.carol.sees("Key figures · 1 off target", after=mark)
    await home.carol.taps("Policies", shown)
    policies = await home.carol.sees("Policies · All kept", message=shown)
    await home.carol.taps("Decisions", policies)
    await home.carol.sees("Decision log", message=shown)
    await home.bob.says("/kpis delivered 1")
    await home.bob.sees("Only admins may decide on proposals and set targets")


async def test_the_pack(home: House) -> None:
    """The pack comes once as a file on its day, again at the command, and in Urdu for who reads that; not to Bob."""
    await home.staff()
    for _twice in range(2):
        await runs(home.running.app, "audit_pack")
    sent = await home.carol.sees("Audit pack")
    await home.carol.says("/language ur")
    mark = home.carol.mark()
    await home.carol.says("/auditpack")
    ours = await home.carol.sees("آڈٹ پیک", after=mark)
    files = [seen.document for seen in (sent, ours)]
    assert [file is not None and file.data.startswith(b"%PDF") for file in files] == [True, True]
    texts = [seen.text for seen in home.carol.messages() if "Audit pack" in seen.text]
    assert len(texts) == 1
    await home.bob.says("/auditpack")
    await home.bob.sees("Only admins may")
