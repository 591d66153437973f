"""What the area says happened."""

from collections.abc import Mapping

EVENTS: Mapping[str, str] = {
    "tenant.founded": "A tenant came to be.",
}
