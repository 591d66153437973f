"""What the area says happened."""

from collections.abc import Mapping

EVENTS: Mapping[str, str] = {"flag.switched": "An admin switched a part off, on, or on for some."}
