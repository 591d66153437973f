"""Stripe's errors as it words them (https://docs.stripe.com/api/errors and https://docs.stripe.com/error-codes)."""

from typing import Any

Json = dict[str, Any]


class StripeError(Exception):
    """A refusal, as Stripe sends it: `status` is HTTP's, the rest becomes the members of `error` in the body."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        **more: Any,
    ) -> None:
        super().__init__(message)
        self.status = status
        self._members = {"code": code, "message": message, "param": param, "type": kind, **more}

    def body(self, request_id: str) -> Json:
        error = {name: value for name, value in self._members.items() if value is not None}
        if "code" in error:
            error["doc_url"] = f"https://stripe.com/docs/error-codes/{error['code'].replace('_', '-')}"
        error["request_log_url"] = f"https://dashboard.stripe.com/test/logs/{request_id}"
        return {"error": error}


def missing_thing(kind: str, thing_id: str, hint: str = "") -> StripeError:
    """The path names something that does not exist."""
    return StripeError(f"No such {kind}: '{thing_id}'{hint}", status=404, code="resource_missing", param="id")


def missing_reference(kind: str, thing_id: str, param: str, hint: str = "") -> StripeError:
    """A parameter names something that does not exist."""
    return StripeError(f"No such {kind}: '{thing_id}'{hint}", code="resource_missing", param=param)


def missing_parameter(param: str) -> StripeError:
    """A parameter that is missing."""
    return StripeError(f"Missing required param: {param}.", code="parameter_missing", param=param)


def not_editable(message: str) -> StripeError:
    """An invoice that cannot be changed any more."""
    return StripeError(message, code="invoice_not_editable")


def unknown_address(method: str, path: str) -> StripeError:
    """A method and path that the API does not have."""
    return StripeError(
        f"Unrecognized request URL ({method}: {path}). Please see https://stripe.com/docs or we can help at "
        "https://support.stripe.com/.",
        status=404,
    )


def bad_key(given: str) -> StripeError:
    """The API key is absent, malformed or not ours; only its ends are repeated, as Stripe does."""
    if not given:
        return StripeError(
            "You did not provide an API key. You need to provide your API key in the Authorization header, using "
            "Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
            status=401,
        )
    return StripeError(f"Invalid API Key provided: {covered(given)}", status=401)


def expired_key(given: str) -> StripeError:
    """The API key was ours; it was rolled, and its time is over."""
    return StripeError(f"Expired API Key provided: {covered(given)}", status=401, code="api_key_expired")


def foreign_account(given: str, account_id: str) -> StripeError:
    """The request names an account that its key does not reach."""
    return StripeError(
        f"The provided key '{covered(given)}' does not have access to account '{account_id}' (or that account does not "
        "exist). Application access may have been revoked.",
        status=403,
        code="account_invalid",
    )


def no_permission(given: str, account_id: str, permission: str) -> StripeError:
    """The restricted key may not do this; the message names what it would need."""
    words = " ".join(permission.split("_")).title()
    return StripeError(
        f"Permission denied. The provided key '{covered(given)}' does not have the required permissions for this "
        f"endpoint on account '{account_id}'. Enabling {words} ('{permission}') permissions on this key would allow "
        "this request to continue. You can edit permissions at https://dashboard.stripe.com/apikeys",
        status=403,
        code="more_permissions_required",
    )


def covered(key: str) -> str:
    """A key as Stripe repeats it: only its ends."""
    return f"{key[:8]}{'*' * max(len(key) - 12, 4)}{key[-4:]}" if len(key) > 12 else "*" * len(key)
