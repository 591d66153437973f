"""Hosts that are network namespaces of this machine: each hangs on one bridge by a cable, which can be pulled.

The whole stands in a namespace of its own, with the harness and the providers at its gate, so that nothing of it is
left on the machine, and no host reaches anything else. Needs root, and `ip` and `tc` of iproute2.
"""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

GATE = "10.77.0.1"
INSIDE = "ECHOPILOT_HOSTS_INSIDE"
PARENT_DIED = 1  # PR_SET_PDEATHSIG of prctl(2)
TOOLS = ("ip", "tc", "unshare", "nsenter")
# A bucket that no packet fits into: all that is sent by that end of the cable is lost, without a word.
NOTHING_PASSES = ("tbf", "rate", "1kbit", "burst", "16b", "limit", "16b")
HARDLY_PASSES = ("tbf", "rate", "400kbit", "burst", "4kb", "latency", "4s")


def cannot() -> str:
    """Why this machine has no hosts; "" where it can have them."""
    if not sys.platform.startswith("linux"):
        return f"network namespaces are Linux's, and this is {sys.platform}"
    if os.geteuid() != 0:
        return "network namespaces are made by root"
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        return f"there is no {', '.join(missing)} (iproute2, util-linux)"
    try_out = ["unshare", "--net", "ip", "link", "add", "one", "type", "veth"]
    tried = subprocess.run(try_out, capture_output=True, check=False)
    return f"no namespace can be made here: {tried.stderr.decode().strip()}" if tried.returncode else ""


def inside() -> bool:
    """Whether this process is in a namespace of its own; else `enter` begins it anew in one."""
    return os.environ.get(INSIDE) == "yes"


def enter(module: str) -> int:
    """Run the module with our arguments in a namespace of its own, and return its exit code.

    Its processes are numbered apart as well: however it ends, or we do, the kernel ends all that it started.
    """
    spaces = ("--net", "--pid", "--fork", "--kill-child", "--mount-proc")
    command = ["unshare", *spaces, sys.executable, "-m", module, *sys.argv[1:]]
    ours = os.environ | {INSIDE: "yes"}
    return subprocess.run(command, env=ours, preexec_fn=_die_with_parent, check=False).returncode


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(PARENT_DIED, signal.SIGKILL)


def run(*command: str) -> None:
    """Raises RuntimeError with what the command said."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")


@dataclass(frozen=True)
class Host:
    """A host, by the process that keeps its namespaces."""

    name: str
    address: str
    keeper: int

    @property
    def within(self) -> Sequence[str]:
        """What a command stands behind so that it runs there."""
        spaces = f"/proc/{self.keeper}/ns"
        return ("nsenter", f"--net={spaces}/net", f"--uts={spaces}/uts")

    def cut(self) -> None:
        """Pull its cable."""
        run("ip", "link", "set", self.name, "down")

    def deafen(self) -> None:
        """What is sent to it gets lost."""
        run("tc", "qdisc", "replace", "dev", self.name, "root", *NOTHING_PASSES)

    def mute(self) -> None:
        """What it sends gets lost."""
        run(*self.within, "tc", "qdisc", "replace", "dev", "eth0", "root", *NOTHING_PASSES)

    def slow(self) -> None:
        """Both ways 50 kB/s pass, and what waits for longer than four seconds is lost."""
        run("tc", "qdisc", "replace", "dev", self.name, "root", *HARDLY_PASSES)
        run(*self.within, "tc", "qdisc", "replace", "dev", "eth0", "root", *HARDLY_PASSES)

    def heal(self) -> None:
        """All is well again."""
        run("ip", "link", "set", self.name, "up")
        for command in (("tc", "qdisc", "del", "dev", self.name, "root"),
                        (*self.within, "tc", "qdisc", "del", "dev", "eth0", "root")):  # fmt: skip
            subprocess.run(command, capture_output=True, check=False)  # there may be nothing to take away


@contextmanager
def network(names: Sequence[str]) -> Iterator[dict[str, Host]]:
    """A bridge, whose own address is GATE, and hosts of these names on it."""
    run("ip", "link", "set", "lo", "up")
    run("ip", "link", "add", "bridge", "type", "bridge")
    run("ip", "address", "add", f"{GATE}/24", "dev", "bridge")
    run("ip", "link", "set", "bridge", "up")
    keepers: list[subprocess.Popen[bytes]] = []
    try:
        yield {name: _host(name, number, keepers) for number, name in enumerate(names, 11)}
    finally:
        for keeper in keepers:
            keeper.send_signal(signal.SIGKILL)
            keeper.wait()
        run("ip", "link", "del", "bridge")


def _host(name: str, number: int, keepers: list[subprocess.Popen[bytes]]) -> Host:
    words = f"hostname {name} && ip link set lo up && echo there && exec sleep infinity"
    keeper = subprocess.Popen(["unshare", "--net", "--uts", "sh", "-c", words], stdout=subprocess.PIPE)
    keepers.append(keeper)
    assert keeper.stdout is not None
    if keeper.stdout.readline() != b"there\n":
        raise RuntimeError(f"{name} cannot be made")
    made = Host(name, f"10.77.0.{number}", keeper.pid)
    run("ip", "link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", str(keeper.pid))
    run("ip", "link", "set", name, "master", "bridge", "up")
    run(*made.within, "ip", "address", "add", f"{made.address}/24", "dev", "eth0")
    run(*made.within, "ip", "link", "set", "eth0", "up")
    return made
