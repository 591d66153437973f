"""A PgBouncer before the tests' PostgreSQL, where one is installed."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import make_url

from tests.postgres import free_port, owner

START_SECONDS = 10.0
INI = """[databases]
* = host={host} port={port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {pooler_port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = {folder}/users
pool_mode = {mode}
default_pool_size = 3
ignore_startup_parameters = {ignored}
"""


@contextmanager
def pooler(url: str, folder: Path, mode: str = "transaction", ignored: str = "extra_float_digits") -> Iterator[str]:
    """The address of the database by way of the pooler, which has three sessions of the server's."""
    direct, port = make_url(url), free_port()
    words = {"host": direct.host, "port": direct.port, "pooler_port": port, "folder": folder, "mode": mode}
    (folder / "pooler.ini").write_text(INI.format(**words, ignored=ignored))
    (folder / "users").write_text(f'"{direct.username}" "{direct.password}"\n')
    user = owner()
    for path in (folder, folder / "pooler.ini", folder / "users") if user else ():
        shutil.chown(path, user["user"], user["group"])
    command = [shutil.which("pgbouncer") or "pgbouncer", str(folder / "pooler.ini")]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **user) as process:
        try:
            _wait_for(port)
            yield direct.set(host="127.0.0.1", port=port).render_as_string(hide_password=False)
        finally:
            process.kill()


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return
