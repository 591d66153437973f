"""What is kept of an update of Telegram's, whatever came: https://core.telegram.org/bots/api#update"""

from collections.abc import Mapping
from typing import Any

import orjson

from bot.kernel.ids import content_hash
from bot.kernel.text import storable_json
from storage.core.inbox import Arrival

SOURCE = "telegram"
WIDEST = 2**62  # no number of Telegram's comes near, and every database keeps it


def arrival_of(tenant: str, update: Any) -> Arrival:
    """What is kept of an update, whatever it is; the inbox finds out whether it can be read."""
    try:
        written = orjson.dumps(storable_json(update))
    except (TypeError, RecursionError):  # so deep that it cannot be written down
        update = {"update_id": number_of(update), "unreadable": "nested too deeply"}
        written = orjson.dumps(update)
    number, payload = number_of(update), update if isinstance(update, Mapping) else {"unreadable": update}
    name = str(number) if number is not None else f"none:{content_hash(written.decode())}"
    return Arrival(tenant, SOURCE, name, payload)


def number_of(update: Any) -> int | None:
    """The update's number; None where it has none."""
    number = update.get("update_id") if isinstance(update, Mapping) else None
    return number if type(number) is int and 0 <= number < WIDEST else None
