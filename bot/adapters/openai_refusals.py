"""What it means where a model was not asked successfully: https://platform.openai.com/docs/guides/error-codes."""

import re
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

import aiohttp

from bot.kernel.errors import ProviderError, Unreadable

if TYPE_CHECKING:
    from openai import APIStatusError

PROVIDER = "The model"
LONGEST_WAIT = 3600.0  # what a header may have us wait; beyond it is asked again in any case
NO_CREDIT = frozenset({"insufficient_quota", "billing_not_active", "billing_hard_limit_reached", "insufficient_funds"})
FILTERED = frozenset({"invalid_prompt", "content_filter", "content_policy_violation", "responsibleaipolicyviolation"})
# May be billed although no answer came: a gateway gave up while the model went on.
GAVE_UP = frozenset({408, 504, 524})
PASSING = frozenset({409, 425, 429})
DIALECT = frozenset({400, 422, 501})  # how a parameter is refused that is not known
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
    status, words, wait = error.status_code, said_by(error), retry_after(error.response.headers)
    if status == 402 or _out_of_credit(error):
        return ProviderError(PROVIDER, f"the account has no credit left, or is not active: {words}", account=True)
    if status == 413 or (status == 429 and "request too large" in words.lower()):
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


def _out_of_credit(error: "APIStatusError") -> bool:
    code, words = _code(error), said_by(error).lower()
    return code in NO_CREDIT or (error.status_code == 429 and "exceeded your current quota" in words)


def is_filtered(error: "APIStatusError") -> bool:
    """Whether a provider's filter stopped the prompt; that is an outcome, and no fault."""
    if error.status_code not in {400, 403, 422}:
        return False
    inner = _inner(error).get("innererror")
    codes = {_code(error), str(inner.get("code")).lower() if isinstance(inner, Mapping) else ""}
    return bool(codes & FILTERED)


def is_cut(error: "APIStatusError") -> bool:
    """Whether the model was at its limit before it had said anything."""
    return error.status_code == 400 and "could not finish the message" in said_by(error).lower()


def said_by(error: "APIStatusError") -> str:
    """The provider's own words, with the parameter that they are about."""
    inner = _inner(error)
    message, param = inner.get("message"), inner.get("param")
    detail = inner.get("detail") or (message.get("detail") if isinstance(message, Mapping) else None)
    if isinstance(detail, list):
        said = "; ".join(_line(one) for one in detail)
    else:
        said = message if isinstance(message, str) else str(detail or message or error.message)
    if isinstance(param, str) and param not in said:
        said = f"{said} ({param})"
    return " ".join(said.split())[:MOST_WORDS]


def _line(detail: object) -> str:
    """One complaint of a list as FastAPI makes them."""
    if not isinstance(detail, Mapping):
        return str(detail)
    place = detail.get("loc")
    name = ".".join(str(step) for step in place if step != "body") if isinstance(place, list) else ""
    return f"{name}: {detail.get('msg')} ({detail.get('type')})"


def _inner(error: "APIStatusError") -> Mapping[str, Any]:
    """The error's body, or what stands in it below "error"."""
    body = error.body
    if not isinstance(body, Mapping):
        return {}
    inner = body.get("error")
    return inner if isinstance(inner, Mapping) else body


def _code(error: "APIStatusError") -> str:
    return str(_inner(error).get("code") or _inner(error).get("type") or "").lower()


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
