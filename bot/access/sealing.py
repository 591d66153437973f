"""What is kept encrypted: secrets that have to be read again, by keys that are not in the database.

AES-256-GCM (NIST SP 800-38D) with a random nonce; the key is derived from a secret of the installation, of which the
mark stands in front, so that a secret that was replaced is still known by those that count.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12


class Sealer:
    """Encrypts and decrypts. by_mark: the installation's secrets; newest: the mark of the one that seals now."""

    def __init__(self, by_mark: Mapping[str, bytes], newest: str) -> None:
        self._by_mark, self._newest = by_mark, newest

    def seal(self, plain: str, about: str) -> str:
        """The text encrypted. about: what it belongs to; only with the same can it be opened."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = nonce + _cipher(self._by_mark[self._newest]).encrypt(nonce, plain.encode(), about.encode())
        return f"{self._newest}:{base64.urlsafe_b64encode(sealed).decode()}"

    def open(self, sealed: str, about: str) -> str | None:
        """The text; None where its secret is not known here, or it was changed, or belongs to something else."""
        mark, _, written = sealed.partition(":")
        if mark not in self._by_mark:
            return None
        try:
            data = base64.urlsafe_b64decode(written)
            plain = _cipher(self._by_mark[mark]).decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], about.encode())
        except (binascii.Error, InvalidTag, ValueError):
            return None
        return plain.decode()


def _cipher(root: bytes) -> AESGCM:
    return AESGCM(hmac.digest(root, b"echopilot sealed", hashlib.sha256))
