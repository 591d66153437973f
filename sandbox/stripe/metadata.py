"""Stripe's metadata: 50 keys of up to 40 characters, values of up to 500 (https://docs.stripe.com/api/metadata)."""

from sandbox.stripe.errors import Json, StripeError

MOST_KEYS, LONGEST_KEY, LONGEST_VALUE = 50, 40, 500


def merged(old: Json, given: Json | str | None) -> Json:
    """The metadata after a request: given keys are set, an empty value unsets its key, an empty string unsets all.

    Raises StripeError when a limit is passed.
    """
    if given is None:
        return dict(old)
    if isinstance(given, str):
        return {}
    for key, value in given.items():
        if len(key) > LONGEST_KEY:
            raise _too_long("keys", LONGEST_KEY, key, key)
        if len(value) > LONGEST_VALUE:
            raise _too_long("values", LONGEST_VALUE, value, key)
    result = {key: value for key, value in (old | given).items() if value != ""}
    if len(result) > MOST_KEYS:
        raise StripeError(f"Metadata can have up to {MOST_KEYS} keys.", param="metadata")
    return result


def _too_long(what: str, limit: int, text: str, key: str) -> StripeError:
    return StripeError(
        f"Metadata {what} can have up to {limit} characters, but you passed in a value that is {len(text)} characters. "
        f"Invalid value: {text}",
        param=f"metadata[{key}]",
    )
