"""The area wired up: its verbs."""

from dataclasses import dataclass

from bot.core import Core
from bot.hosts.files import SharedFiles
from bot.hosts.service import Hosts
from bot.ops.version import Version


@dataclass(frozen=True, slots=True)
class Verbs:
    """What is known of the hosts, and what they share."""

    processes: Hosts
    files: SharedFiles


def build(core: Core, version: Version) -> Verbs:
    """The area on what it stands on."""
    return Verbs(Hosts(core.database, version), SharedFiles(core.database, core.store))
