"""What it means where a model was not asked successfully: https://platform.openai.com/docs/guides/error-codes.

Others word it otherwise (`bot.adapters.openai.complaints` reads it), so words count beside codes.
"""

import re
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

import aiohttp

from bot.adapters.openai.complaints import Complaint, complaint, number
from bot.kernel.errors import ProviderError, Unreadable

if TYPE_CHECKING:
    from openai import APIStatusError

PROVIDER = "The model"
LONGEST_WAIT = 3600.0  # what a header may have us wait; beyond it is asked again in any case
# 1113 is Zhipu's, the error Moonshot's, Arrearage Alibaba's.
NO_CREDIT = frozenset(
    ["insufficient_quota", "billing_not_active", "billing_hard_limit_reached", "insufficient_funds", "1113",
     "arrearage", "exceeded_current_quota_error", "insufficient_balance", "insufficient_user_quota",
     "account_deactivated"]
)  # fmt: skip
_NO_CREDIT = re.compile(
    r"insufficient[ _](?:user[ _])?(?:quota|balance|credit|fund)|exceeded[ _](?:your[ _])?current[ _]quota"
    r"|out of credits?|plan and billing|balance is too low|no resource package"
    r"|account is (?:suspended|overdue|in arrears)|arrearage|余额不足|欠费|please recharge|billing hard limit",
    re.IGNORECASE,
)
_MAY_SPEAK_OF_CREDIT = frozenset({400, 403, 429})
_TOO_LARGE = re.compile(
    r"request too large|too large for|by itself|on its own|alone (?:is|exceeds)|larger than the limit", re.IGNORECASE
)
_LIMIT = re.compile(r"limit:? ([\d,]+)\b.{0,40}?requested:? ([\d,]+)", re.IGNORECASE)
_RETRY_IN = re.compile(r"(?:re)?try (?:again )?(?:in|after) (\d+(?:\.\d+)?)\s?(ms|s|m)\b", re.IGNORECASE)
FILTERED = frozenset({"invalid_prompt", "content_filter", "content_policy_violation", "responsibleaipolicyviolation"})
# May be billed although no answer came: a gateway gave up while the model went on.
GAVE_UP = frozenset({408, 499, 504, 524})
PASSING = frozenset({409, 425, 429, 498})  # 498: Groq has no room
MOST_WORDS = 300
_SPAN = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}


def decided(error: Exception) -> ProviderError:
    """The error as the rest of the program understands it."""
    import openai

    if isinstance(error, openai.APIStatusError):
        return _refused(error)
    if _never_sent(error):
        return ProviderError(PROVIDER, "cannot be reached")
    if isinstance(error, openai.APIConnectionError | TimeoutError):
        return ProviderError(PROVIDER, "no answer in time", unknown=True)
    # A body that breaks off: the call was served, so another may be billed, but nothing was received.
    return Unreadable(PROVIDER, f"an answer that cannot be read ({type(error).__name__})")


def _never_sent(error: Exception) -> bool:
    """Whether there was no connection to send anything by; one that broke looks much the same to the SDK."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError):
            return True
        cause = cause.__cause__
    return False


def _refused(error: "APIStatusError") -> ProviderError:
    found = complaint(error)
    status, words = found.status, found.words[:MOST_WORDS]
    wait = retry_after(error.response.headers)
    wait = _told_to_wait(found.words) if wait is None else wait
    if status == 402 or (status in _MAY_SPEAK_OF_CREDIT and _out_of_credit(found, wait)):
        return ProviderError(PROVIDER, f"the account has no credit left, or is not active: {words}", account=True)
    if status == 413 or (status == 429 and _too_large(found.words)):
        return ProviderError(PROVIDER, f"the request is too large for it: {words}", permanent=True)
    if status in GAVE_UP:
        return ProviderError(PROVIDER, f"gave up ({status})", unknown=True, retry_after=wait)
    if status in PASSING:
        why = "too many requests" if status == 429 else f"not now ({status})"
        return ProviderError(PROVIDER, why, retry_after=wait)
    if status >= 500 and status != 501:
        return ProviderError(PROVIDER, f"fault {status}", retry_after=wait)
    account = status in {401, 403, 404}
    return ProviderError(PROVIDER, f"refused ({status}): {words}", permanent=True, account=account)


def _out_of_credit(found: Complaint, wait: float | None) -> bool:
    """Whether nothing is served until somebody pays; who says when to come again means a limit that passes (Gemini)."""
    if found.codes & NO_CREDIT:
        return True
    return wait is None and _NO_CREDIT.search(found.words) is not None


def _too_large(words: str) -> bool:
    limit = _LIMIT.search(words)
    return _TOO_LARGE.search(words) is not None or (limit is not None and number(limit[2]) > number(limit[1]))


def is_filtered(error: "APIStatusError") -> bool:
    """Whether a provider's filter stopped the prompt; that is an outcome, and no fault."""
    return error.status_code in {400, 403, 422} and bool(complaint(error).codes & FILTERED)


def is_cut(error: "APIStatusError") -> bool:
    """Whether the model was at its limit before it had said anything."""
    return error.status_code == 400 and "could not finish the message" in complaint(error).words.lower()


def _told_to_wait(words: str) -> float | None:
    found = _RETRY_IN.search(words)
    return _bounded(float(found[1]) * _SECONDS[found[2].lower()]) if found else None


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds that a provider wants to be left alone, whichever way it says so."""
    if (milliseconds := _number(headers.get("retry-after-ms"))) is not None:
        return _bounded(milliseconds / 1000)
    given = headers.get("retry-after", "")
    if (seconds := _number(given)) is not None:
        return _bounded(seconds)
    if (seconds := _until(given)) is not None:
        return _bounded(seconds)
    # without Retry-After only a limit that is used up says how long to wait
    spans = [
        _span(headers.get(f"x-ratelimit-reset-{what}", ""))
        for what in ("requests", "tokens")
        if _number(headers.get(f"x-ratelimit-remaining-{what}")) == 0
    ]
    return _bounded(max(spans)) if spans else None


def _number(value: str | None) -> float | None:
    return float(value) if value and re.fullmatch(r"\d{1,12}(?:\.\d{1,9})?", value.strip()) else None


def _until(value: str) -> float | None:
    try:
        return parsedate_to_datetime(value).timestamp() - time.time()
    except (TypeError, ValueError, OverflowError):
        return None


def _span(value: str) -> float:
    """The seconds in "6m0s" or "20ms"."""
    return sum(float(number) * _SECONDS[unit] for number, unit in _SPAN.findall(value))


def _bounded(seconds: float) -> float:
    return min(max(seconds, 0.0), LONGEST_WAIT)
