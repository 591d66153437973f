"""The host of the database: PostgreSQL, as it is by default, and perhaps a PgBouncer before it."""

import asyncio
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psycopg

from tests.chaos.hosts.network import Host
from tests.postgres import find, owner, reachable

START_SECONDS = 60.0
PORT, POOLER_PORT = 5432, 6432
NAME = "echopilot"
# https://www.pgbouncer.org/config.html; the silence of a vanished client is noticed as PostgreSQL does by
# `storage.engine.sessions`.
POOLER = """[databases]
{name} = host={address} port={port} dbname={name}
[pgbouncer]
listen_addr = {address}
listen_port = {pooler_port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = {folder}/users
pool_mode = transaction
max_client_conn = 400
default_pool_size = 12
query_wait_timeout = 15
idle_transaction_timeout = 30
tcp_keepalive = 1
tcp_keepidle = 5
tcp_keepintvl = 2
tcp_keepcnt = 3
tcp_user_timeout = 10000
logfile = {folder}/pgbouncer.log
"""


def pooler_missing() -> str:
    """Why there is no PgBouncer here; "" where there is one."""
    return "" if shutil.which("pgbouncer") else "there is no pgbouncer (apt-get install pgbouncer)"


class DatabaseHost:
    """Use as an async context manager. url: where the hosts reach it. watched: the same by a socket of the file system,
    which is there whatever becomes of the network.
    """

    def __init__(self, host: Host, folder: Path, *, pooler: bool) -> None:
        self.host = host
        self._folder, self._pooler = folder, pooler
        self._password = secrets.token_urlsafe(16)
        self._owner: Mapping[str, Any] = owner()
        self._bin = reachable(find().folder, folder, dict(self._owner))
        self._processes: list[subprocess.Popen[bytes]] = []
        login = f"postgresql://echopilot:{self._password}@"
        self.url = f"{login}{host.address}:{PORT}/{NAME}"
        self.pooler_url = f"{login}{host.address}:{POOLER_PORT}/{NAME}"
        self.watched = f"{login}/{NAME}?host={folder}"

    async def __aenter__(self) -> "DatabaseHost":
        await asyncio.to_thread(self._make)
        await self.start()
        with psycopg.connect(self.watched.replace(f"/{NAME}?", "/postgres?"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {NAME} TEMPLATE template0")
        return self

    async def __aexit__(self, *_: object) -> None:
        self.kill()

    def kill(self) -> None:
        """kill -9 of all that runs there."""
        for process in self._processes:
            process.send_signal(signal.SIGKILL)
            process.wait()
        self._processes.clear()

    async def start(self) -> None:
        """Start all of it, and wait until it takes connections."""
        await asyncio.to_thread(self._start)

    def _make(self) -> None:
        secret = self._folder / "password"
        secret.write_text(self._password)
        (self._folder / "users").write_text(f'"echopilot" "{self._password}"\n')
        address = {"name": NAME, "address": self.host.address, "port": PORT, "pooler_port": POOLER_PORT}
        (self._folder / "pgbouncer.ini").write_text(POOLER.format(folder=self._folder, **address))
        if self._owner:
            for path in (self._folder, *self._folder.iterdir()):
                shutil.chown(path, self._owner["user"], self._owner["group"])
        words = ["--username=echopilot", "--auth=password", f"--pwfile={secret}", "--encoding=UTF8", "--no-locale"]
        subprocess.run(
            [self._bin / "initdb", "-D", self._folder / "data", *words],
            cwd=self._folder, check=True, capture_output=True, **self._owner,
        )  # fmt: skip
        with (self._folder / "data/pg_hba.conf").open("a") as rules:
            rules.write("host all all 10.77.0.0/24 password\n")

    def _start(self) -> None:
        options = {"listen_addresses": self.host.address, "port": PORT, "unix_socket_directories": self._folder}
        options |= {"max_connections": 300}
        words = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        self._begin("postgres.log", str(self._bin / "postgres"), "-D", str(self._folder / "data"), *words)
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if self._processes[0].poll() is not None:  # what its killed predecessor left has to go first
                self._processes.clear()
                self._begin("postgres.log", str(self._bin / "postgres"), "-D", str(self._folder / "data"), *words)
            if time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start: see {self._folder}/postgres.log")
            time.sleep(0.1)
        if self._pooler:
            self._begin("pooler.log", "pgbouncer", str(self._folder / "pgbouncer.ini"))

    def _begin(self, log: str, *command: str) -> None:
        drop = ["setpriv", f"--reuid={self._owner['user']}", f"--regid={self._owner['group']}", "--clear-groups"]
        with (self._folder / log).open("ab") as output:
            self._processes.append(
                subprocess.Popen(
                    [*self.host.within, *(drop if self._owner else []), *command],
                    cwd=self._folder, stdout=output, stderr=output, stdin=subprocess.DEVNULL,
                )
            )  # fmt: skip

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.watched.replace(f"/{NAME}?", "/postgres?"), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True
