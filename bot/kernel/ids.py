"""Identifiers that nobody can guess."""

import hashlib
import secrets


def new_code() -> str:
    """A code for a link: 128 random bits, URL-safe, 22 characters."""
    return secrets.token_urlsafe(16)


def code_hash(code: str) -> str:
    """What is stored of a code: its SHA-256, so that the database gives no working link away."""
    return hashlib.sha256(code.encode()).hexdigest()


def content_hash(text: str) -> str:
    """What an approval binds to: the SHA-256 of the text that was shown."""
    return hashlib.sha256(text.encode()).hexdigest()
