"""A Python without what only POSIX has, as far as one can be made of another: `python -m tests.platform.without_posix`.

What is taken away is named by the documentation of Python as "Availability: Unix" or "not Windows".
"""

import asyncio
import functools
import importlib
import pkgutil
import runpy
import signal
import socket
import subprocess
import sys
from typing import Any

MODULES = ("fcntl", "grp", "posix_ipc", "pty", "pwd", "resource", "syslog", "termios", "tty", "uvloop")
OF_OS = (
    "chown chroot fchmod fchown fork forkpty getegid geteuid getgid getgroups getloadavg getpgid getpgrp getpriority "
    "getsid getuid initgroups killpg lchown mkfifo mknod nice openpty pread pwrite sched_getaffinity setegid seteuid "
    "setgid setgroups setpgid setpriority setsid setuid sync uname wait3 wait4"
)
SIGNALS = "SIGALRM SIGCHLD SIGCONT SIGHUP SIGKILL SIGPIPE SIGQUIT SIGSTOP SIGTSTP SIGUSR1 SIGUSR2 SIGXCPU SIGXFSZ"
SHIPPED = ("bot", "handlers", "jobs", "web", "storage", "sandbox")


def take_away(*, locks: bool) -> None:
    """Have this process lack all of it. What Python does in another way on Windows stays: pairs of sockets, kills, and
    with locks the locks of files.
    """
    import os

    subprocess.Popen.kill = lambda self: self.send_signal(9)  # type: ignore[method-assign]
    pair: Any = functools.partial(socket.socketpair, socket.AF_UNIX)
    for name in MODULES[locks:]:
        sys.modules[name] = None  # type: ignore[assignment]
    for module, names in ((os, OF_OS), (signal, SIGNALS), (socket, "AF_UNIX")):
        for name in names.split():
            if hasattr(module, name):
                delattr(module, name)
    socket.socketpair = pair
    asyncio.SelectorEventLoop.add_signal_handler = asyncio.AbstractEventLoop.add_signal_handler  # type: ignore[method-assign]


def import_all() -> int:
    """Import every module that is shipped, but those that are programs; returns how many there are."""
    number = 0
    for package in map(importlib.import_module, SHIPPED):
        for one in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not one.name.endswith("__main__") and ".migrations." not in one.name:
                importlib.import_module(one.name)
                number += 1
    return number


async def _until_stopped(stop: asyncio.Event) -> int:
    signal.raise_signal(signal.SIGINT)
    await stop.wait()
    return 7


def main() -> None:
    """Do what the first argument names: "import", "stop", or "bot" with its own arguments."""
    what = sys.argv.pop(1)
    take_away(locks=sys.argv[1:] == ["run"])
    if what == "import":
        sys.stdout.write(str(import_all()))
    elif what == "stop":
        from bot.ops.stopping import until_stopped

        sys.exit(until_stopped(_until_stopped))
    else:
        runpy.run_module("bot", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
