"""Signatures by https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md. Pure."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping

PREFIX = "whsec_"


def new_secret() -> str:
    """A secret of 256 bits, as the partner is shown it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def signed(secret: str, name: str, timestamp: int, body: bytes) -> Mapping[str, str]:
    """The headers of a call. name: the message's id; timestamp: of this try, in seconds."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    mac = hmac.digest(key, b".".join([name.encode(), str(timestamp).encode(), body]), hashlib.sha256)
    signature = f"v1,{base64.b64encode(mac).decode()}"
    return {"webhook-id": name, "webhook-timestamp": str(timestamp), "webhook-signature": signature}
