"""Settings of the process."""

from typing import Literal

from pydantic import Field

from bot.config import types
from bot.config.keys import MetricsToken
from bot.config.reading import ReadSettings
from bot.config.types import Address


class RunSettings(ReadSettings):
    """Running"""

    database_url: types.DatabaseAddress = Field(
        default="sqlite:///data/echopilot.db",
        repr=False,
        description="sqlite:///path or postgresql://user:password@host/name.",
    )
    database_pooler_url: types.PoolerAddress | None = Field(
        default=None,
        repr=False,
        description="postgresql:// address of a PgBouncer in transaction mode before the same database. A process of "
        "web or chat alone has its transactions go there, and all else to DATABASE_URL.",
    )
    public_url: Address | None = Field(
        default=None,
        description="Where the world reaches the web part, for webhooks and pages; with a path where a proxy serves it "
        "below one.",
    )
    web_host: types.Host = Field(default="127.0.0.1", description="Address that the web part listens on.")
    web_port: int = Field(default=8080, ge=0, le=65535, description="Port that the web part listens on; 0: any.")
    trusted_proxies: types.Networks = Field(
        default=(),
        description="Addresses or networks of the proxies in front of the web part, separated by commas. What they say "
        "of who asks (X-Forwarded-For) is believed, and nobody else.",
    )
    worker_concurrency: int = Field(
        default=50, ge=1, le=1000, description="Tasks on models that a worker runs at once."
    )
    reading_seconds: float = Field(
        default=10, gt=0, le=600, allow_inf_nan=False, description="How long reading one file may take."
    )
    drain_seconds: float = Field(
        default=20, ge=0, le=3600, allow_inf_nan=False, description="How long a stop waits for work under way."
    )
    heartbeat_url: types.PingAddress | None = Field(
        default=None, description="Outside dead-man's switch to ping each hour."
    )
    uptime_url: Address | None = Field(
        default=None,
        description="Where the job uptime finds the web part, if not at WEB_HOST and WEB_PORT of its own machine.",
    )
    metrics_token: MetricsToken = Field(
        default=None,
        description="What a Prometheus has to send as a bearer token to read /metrics; without one only this machine "
        "may.",
    )
    streams_path: types.Folder = Field(
        default="",
        description="Folder to which what happened is written for a collector of logs: audit, slo_events, "
        "prompt_usage, scheduler and stripe_webhooks, one JSON object a line, without anything of people. It is made "
        "if missing.",
    )
    health_path: types.HealthPath | None = Field(
        default=None,
        description="File in which this process says every 10 seconds whether it is well, for a health check.",
    )
    retention_days: int = Field(
        default=30, ge=1, le=3650, description="Days that handled updates and sent messages are kept."
    )
    job_times: types.CronTimes = Field(
        default={},
        description="Other times for jobs, as job=cron; UTC. Example: daily_report=0 8 * * *; heartbeat=*/30 * * * *",
    )
    played: bool = Field(
        default=False,
        description="Whether everything is played, as in the demo: greetings, pages, reports and files then say so.",
    )
    allow_dirty: bool = Field(default=False, description="Run live although the git tree has uncommitted changes.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(default="info", description="What is logged.")

    @property
    def at_home(self) -> str:
        """Where this machine finds the web part."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.web_host, self.web_host)  # noqa: S104 - compared
        return f"http://[{host}]:{self.web_port}" if ":" in host else f"http://{host}:{self.web_port}"

    @property
    def pages_url(self) -> str:
        """Where people find the pages, without a slash at its end."""
        return self.public_url or self.at_home
