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


def missing_thing(kind: str, thing_id: str) -> StripeError:
    """The path names something that does not exist."""
    return StripeError(f"No such {kind}: '{thing_id}'", status=404, code="resource_missing", param="id")


def missing_reference(kind: str, thing_id: str, param: str) -> StripeError:
    """A parameter names something that does not exist."""
    return StripeError(f"No such {kind}: '{thing_id}'", code="resource_missing", param=param)


def missing_parameter(param: str) -> StripeError:
    return StripeError(f"Missing required param: {param}.", code="parameter_missing", param=param)


def not_editable(message: str) -> StripeError:
    return StripeError(message, code="invoice_not_editable")


def unknown_address(method: str, path: str) -> StripeError:
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
    shown = f"{given[:8]}{'*' * max(len(given) - 12, 4)}{given[-4:]}" if len(given) > 12 else "*" * len(given)
    return StripeError(f"Invalid API Key provided: {shown}", status=401)
