"""What is counted by the minute: of each series how many went well and how many did not. Pure."""

from dataclasses import dataclass
from enum import StrEnum

QUICK_SECONDS = 0.4  # an answer that takes as long or longer is a slow one


class Series(StrEnum):
    """A series of counts; those of providers have a name each, see `of_provider`."""

    LOOKS = "looks"  # the uptime job's, at our own endpoints and the database
    WEB = "web"
    WEB_QUICK = "web_quick"
    CHAT_QUICK = "chat_quick"
    WEBHOOKS = "webhooks"
    DOOR = "door"  # webhooks that were refused, since nobody signed them
    TURNAROUND = "turnaround"
    CANARY = "canary"
    JOBS = "jobs"


PROVIDERS = ("telegram", "models", "stripe", "notion", "mail")


def of_provider(name: str) -> str:
    """The series of calls to a provider: good where it answered, be it with a refusal."""
    return f"provider_{name}"


def looks_at(name: str) -> str:
    """The series of the uptime job's looks at a provider."""
    return f"look_{name}"


@dataclass(frozen=True, slots=True)
class Count:
    """Events that were counted in some time."""

    good: int = 0
    bad: int = 0

    @property
    def total(self) -> int:
        return self.good + self.bad

    def __add__(self, other: "Count") -> "Count":
        return Count(self.good + other.good, self.bad + other.bad)


NONE = Count()
