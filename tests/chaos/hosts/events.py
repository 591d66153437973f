"""What befalls the hosts: every kind befalls every host as often, in an order and for times that the seed makes."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Literal

from tests.chaos.hosts.network import Host

Kind = Literal["killed", "cut off", "deaf", "mute", "slow"]
KINDS: tuple[Kind, ...] = ("killed", "cut off", "deaf", "mute", "slow")
LONGEST_SECONDS: Mapping[Kind, float] = {"killed": 12.0, "cut off": 30.0, "deaf": 30.0, "mute": 30.0, "slow": 20.0}
SHORTEST_SECONDS = 3.0


@dataclass
class Event:
    """seconds: how long it lasts. began, ended: by our clock. held: the roles that the host had at its begin."""

    host: str
    kind: Kind
    seconds: float
    began: float = 0.0
    ended: float = 0.0
    held: Sequence[str] = field(default=())


def some_events(count: int, seed: int, hosts: Sequence[str]) -> list[Event]:
    """So many, in which every pair of host and kind comes as often as any other, give or take one."""
    random = Random(seed)
    pairs = [(host, kind) for host in hosts for kind in KINDS]
    events: list[Event] = []
    while len(events) < count:
        random.shuffle(pairs)
        events += [Event(host, kind, random.uniform(SHORTEST_SECONDS, LONGEST_SECONDS[kind])) for host, kind in pairs]
    return events[:count]


async def befall(
    event: Event,
    host: Host,
    kill: Callable[[str], Awaitable[None]],
    start: Callable[[str], Awaitable[None]],
    now: Callable[[], float],
) -> None:
    """Let it happen, and be over after its time. kill, start: all that runs on the host."""
    event.began = now()
    try:
        match event.kind:
            case "killed":
                await kill(event.host)
            case "cut off":
                host.cut()
            case "deaf":
                host.deafen()
            case "mute":
                host.mute()
            case "slow":
                host.slow()
        await asyncio.sleep(event.seconds)
    finally:
        event.ended = now()
        if event.kind == "killed":
            await start(event.host)
        else:
            host.heal()
