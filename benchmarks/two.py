"""The same thing done by two programs in turn, one with few rows and one with many."""

from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.programs import Program
from benchmarks.report import Check, at_most, median, quantile

REACH, LOOP_REACH_MS = 1.5, 5


@dataclass(frozen=True, slots=True)
class Two:
    """The same with few briefs and with many, in seconds each.

    few_loop, many_loop, few_cpu, many_cpu: the processor time of the event loop's thread, and of the whole process, for
    one, in each round.
    """

    name: str
    few: list[float] = field(default_factory=list)
    many: list[float] = field(default_factory=list)
    few_loop: list[float] = field(default_factory=list)
    many_loop: list[float] = field(default_factory=list)
    few_cpu: list[float] = field(default_factory=list)
    many_cpu: list[float] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        return median(self.many) / median(self.few)

    @property
    def more_on_loop_ms(self) -> float:
        return (median(self.many_loop) - median(self.few_loop)) * 1000

    def checks(self) -> list[Check]:
        """What is to be reached of it."""
        on_loop = f"{self.name}, more on the event loop"
        checks = [at_most(f"p50 of {self.name}", self.ratio, REACH, "x")]
        return checks + ([at_most(on_loop, self.more_on_loop_ms, LOOP_REACH_MS, "ms")] if self.few_loop else [])

    def __str__(self) -> str:
        figures = [f"{quantile(times, share) * 1000:.1f}" for times in (self.few, self.many) for share in (0.5, 0.99)]
        text = (
            f"{self.name}: p50 {figures[0]} to {figures[2]} ms, p99 {figures[1]} to {figures[3]} ms, {self.ratio:.2f} x"
        )
        if not self.few_loop:
            return text
        cpu, loop = (
            [f"{median(times) * 1000:.1f}" for times in two]
            for two in ((self.few_cpu, self.many_cpu), (self.few_loop, self.many_loop))
        )
        return f"{text}; CPU {cpu[0]} to {cpu[1]} ms, of which the event loop's {loop[0]} to {loop[1]} ms"

    def sides(self) -> Sequence[tuple[list[float], list[float], list[float]]]:
        """What is kept of each side: the waits, the event loop's time, and the processor's."""
        return (self.few, self.few_loop, self.few_cpu), (self.many, self.many_loop, self.many_cpu)


async def counted(program: Program, act: Awaitable[Any]) -> tuple[Any, tuple[float, float]]:
    """What the stage says, and the time of the program's event loop and of the whole program meanwhile."""
    loop, cpu = program.loop_seconds(), program.cpu_seconds()
    answer = await act
    return answer, (program.loop_seconds() - loop, program.cpu_seconds() - cpu)


def keep(kept: Sequence[list[float]], waits: Sequence[float], seconds: tuple[float, float], count: int) -> None:
    """Note the waits of one round, and the processor's time for one of so many."""
    for times, more in zip(kept, (waits, *([each / count] for each in seconds)), strict=True):
        times += more
