"""Settings of how much the machine may be given to do."""

from pydantic import Field

from bot.config.reading import ReadSettings


class CapacitySettings(ReadSettings):
    """Load"""

    cpu_limit_percent: int = Field(
        default=90, ge=1, le=100, description="When the processors are busier than this for minutes, admins are told."
    )
    memory_limit_percent: int = Field(
        default=90, ge=1, le=100, description="When more of the machine's memory is taken than this, admins are told."
    )
    disk_least_mb: int = Field(
        default=1000,
        ge=1,
        le=10_000_000,
        description="When less is free on the disk of the database, in MB, admins are told, and a day ahead.",
    )
    lag_limit_ms: int = Field(
        default=250,
        ge=1,
        le=60_000,
        description="When the program answers later than this although it only waits, in ms, admins are told.",
    )
    queue_limit: int = Field(
        default=500, ge=1, le=1_000_000, description="When more tasks than this could run and wait, admins are told."
    )
    worker_concurrency_least: int = Field(
        default=5,
        ge=1,
        le=1000,
        description="The job `autoscale` never lets a worker run fewer tasks on models at once than this.",
    )
    worker_concurrency_most: int = Field(
        default=200, ge=1, le=1000, description="Nor more than this; see WORKER_CONCURRENCY."
    )
