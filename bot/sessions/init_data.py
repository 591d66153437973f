"""Who opened a Mini App: Telegram signs that with the bot's token.

https://core.telegram.org/bots/webapps#validating-data-received-via-the-mini-app
"""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

FRESH = timedelta(minutes=5)
AHEAD = timedelta(seconds=30)  # so far the clocks of two machines may be apart
LONGEST = 4096


def opened_by(init_data: str, token: str, now: datetime) -> int | None:
    """The Telegram id of whoever opened it; None where the data is not genuine, is stale, or says nobody."""
    fields = _fields(init_data)
    given = fields.pop("hash", "")
    if not hmac.compare_digest(_signature(fields, token).encode(), given.encode()):
        return None
    try:
        made, user = datetime.fromtimestamp(int(fields["auth_date"]), UTC), json.loads(fields["user"])
    except (KeyError, ValueError, OverflowError, OSError):
        return None
    number = user.get("id") if isinstance(user, dict) else None
    fresh = -AHEAD <= now - made <= FRESH
    return number if fresh and isinstance(number, int) and not isinstance(number, bool) else None


def _fields(init_data: str) -> dict[str, str]:
    """By name; none where one is given twice, since then it is not known which of them was signed."""
    try:
        pairs = parse_qsl(init_data[: LONGEST + 1], keep_blank_values=True, strict_parsing=True)
    except ValueError:
        return {}
    fields = dict(pairs)
    return fields if len(fields) == len(pairs) and len(init_data) <= LONGEST else {}


def _signature(fields: dict[str, str], token: str) -> str:
    """The key is made of a constant, and the message of the token; not the other way round."""
    key = hmac.digest(b"WebAppData", token.encode(), "sha256")
    said = "\n".join(f"{name}={value}" for name, value in sorted(fields.items()))
    return hmac.new(key, said.encode(errors="surrogatepass"), hashlib.sha256).hexdigest()


def signed(fields: dict[str, str], token: str) -> dict[str, str]:
    """The fields with their signature, as Telegram's apps give them."""
    return fields | {"hash": _signature(fields, token)}
