"""A command that reads, against a bare python-telegram-bot echo bot on the same server."""

from dataclasses import dataclass
from pathlib import Path

from benchmarks.programs import Program, echopilot, program
from benchmarks.report import Row, at_most, median, quantile, spread
from benchmarks.seeding import add_clients, sqlite_url
from benchmarks.stage import Stage, stage

CHATS, BRIEFS_EACH, COMMANDS, PER_SECOND, ROUNDS = 100, 12, 200, 40.0, 3
COMMAND = "/briefs"


@dataclass(frozen=True, slots=True)
class Answers:
    """One round: CPU milliseconds a command, and the seconds that each waited."""

    cpu_ms: float
    waits: list[float]

    @property
    def p99(self) -> float:
        return quantile(self.waits, 0.99)


async def measure(folder: Path) -> Row:
    """Both in turn, each on a stage of its own; commands come steadily from many chats, in no more than one each."""
    ours: list[Answers] = []
    bare: list[Answers] = []
    url = sqlite_url(folder)
    async with stage(folder) as scene, stage(folder) as other:
        await add_clients(url, await scene.act("people", count=CHATS), briefs_each=BRIEFS_EACH)
        await other.act("people", count=CHATS)
        plain = await other.settings(url)
        async with (
            echopilot(folder, await scene.settings(url)) as whole,
            program(folder, "benchmarks.bare.bot", settings=plain) as echo,
        ):
            await _answers(scene, whole, 60)
            await _answers(other, echo, 60)
            for _ in range(ROUNDS):
                ours.append(await _answers(scene, whole, COMMANDS))
                bare.append(await _answers(other, echo, COMMANDS))
    cpu = median([o.cpu_ms / b.cpu_ms for o, b in zip(ours, bare, strict=True)])
    slowest = median([o.p99 / b.p99 for o, b in zip(ours, bare, strict=True)])
    return Row(
        f"{COMMAND}, {PER_SECOND:.0f} a second from {CHATS} chats",
        f"CPU {median([o.cpu_ms for o in ours]):.2f} ms a command; {spread([w for o in ours for w in o.waits])}",
        f"a bare echo bot: CPU {median([b.cpu_ms for b in bare]):.2f} ms; {spread([w for b in bare for w in b.waits])}",
        [at_most("CPU of the baseline", cpu, 2, "x"), at_most("p99 of the baseline", slowest, 2, "x")],
        [
            f"{ROUNDS} rounds of {COMMANDS}, in turn; each list shows 10 briefs; ratios are the middle of the rounds",
            "rounds, CPU ms and p99 ms, EchoPilot: " + ", ".join(f"{o.cpu_ms:.2f}/{o.p99 * 1000:.1f}" for o in ours),
            "rounds, CPU ms and p99 ms, bare: " + ", ".join(f"{b.cpu_ms:.2f}/{b.p99 * 1000:.1f}" for b in bare),
        ],
    )


async def _answers(scene: Stage, running: Program, count: int) -> Answers:
    cpu = running.cpu_seconds()
    waits: list[float] = await scene.act("commands", text=COMMAND, count=count, per_second=PER_SECOND)
    return Answers((running.cpu_seconds() - cpu) / count * 1000, waits)
