"""Exchange rates as a setting writes them, for what is measured in dollars."""

from datetime import UTC, datetime, timedelta

_DAY = (datetime.now(UTC) - timedelta(days=20)).date()
WRITTEN = f"JPY 0.0066 {_DAY}, INR 0.0125 {_DAY}, KWD 3.25 {_DAY}"
