"""Secrets, taken out of words that somebody reads."""

import re
from collections.abc import Iterable

import orjson

# Shapes of secrets that are not ours to know in advance: bot tokens, API keys, webhook secrets, tokens of sessions,
# secret keys of age, and who signs in by an address.
SHAPES = re.compile(
    r"\d{6,}:[\w-]{30,}|\b(?:sk|rk|whsec|secret|ntn|epk)[-_][\w-]{8,}"
    r"|\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*|\bAGE-SECRET-KEY-1[0-9A-Z]{20,}"
    r"|(?<=://)[^\s/@\"\\]*:[^\s/@\"\\]+(?=@)"
)
MASK = "[secret]"


class Scrubber:
    """Takes secrets out of finished log lines, whoever wrote them and however deep they stand."""

    def __init__(self, secrets: Iterable[str]) -> None:
        plain = [secret for secret in secrets if len(secret) >= 6]
        escaped = [orjson.dumps(secret).decode()[1:-1] for secret in plain]
        known = sorted({re.escape(form) for form in (*plain, *escaped)}, key=len, reverse=True)
        self._pattern = re.compile("|".join([*known, SHAPES.pattern]))

    def __call__(self, line: str) -> str:
        return self._pattern.sub(MASK, line)
