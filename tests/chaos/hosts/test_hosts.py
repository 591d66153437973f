"""The pieces of the trials on several hosts; `make chaos-hosts` runs the trials themselves."""

import subprocess
import sys
from collections import Counter

import pytest

from bot.ops.version import ROOT
from tests.chaos.hosts import network
from tests.chaos.hosts.events import KINDS, some_events
from tests.chaos.hosts.fleet import NAMES

# Whether one host can speak with the other, in each state of the first; run in a namespace of its own.
WIRES = """
import subprocess, sys
from tests.chaos.hosts.network import network

LISTEN = '''
import socket
server = socket.create_server(("", 9))
print("there", flush=True)
while True:
    server.accept()[0].close()
'''
SPEAK = "import socket, sys; socket.create_connection((sys.argv[1], 9), float(sys.argv[2])).close()"

def speaks(host, to, seconds):
    command = [*host.within, sys.executable, "-c", SPEAK, to.address, str(seconds)]
    return subprocess.run(command, capture_output=True).returncode == 0

with network(["one", "two"]) as hosts:
    one, two = hosts["one"], hosts["two"]
    listener = subprocess.Popen([*two.within, sys.executable, "-c", LISTEN], stdout=subprocess.PIPE)
    listener.stdout.readline()
    print("well", speaks(one, two, 5))
    for state in (one.cut, one.deafen, one.mute, one.slow):
        state()
        print(state.__name__, speaks(one, two, 0.5))
        one.heal()
        print("healed", speaks(one, two, 5))
    listener.kill()
"""


def test_every_kind_befalls_every_host() -> None:
    """Thirty events of six hosts are all pairs of host and kind, in an order that the seed makes."""
    events = some_events(30, 7, NAMES)
    assert set(Counter((event.host, event.kind) for event in events).values()) == {1}
    assert len(events) == len(NAMES) * len(KINDS)
    assert some_events(30, 7, NAMES) == events != some_events(30, 8, NAMES)


def test_cables() -> None:
    """A cable that is pulled, or that loses what goes one way, lets nothing come back; a slow one does; all heal."""
    if reason := network.cannot():
        pytest.skip(reason)
    done = subprocess.run(
        ["unshare", "--net", sys.executable, "-c", WIRES], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stdout.split("\n") == [
        "well True", "cut False", "healed True", "deafen False", "healed True", "mute False", "healed True",
        "slow True", "healed True", "",
    ], done.stderr  # fmt: skip
