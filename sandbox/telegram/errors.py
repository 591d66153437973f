"""Refusals, as the Bot API words them (https://core.telegram.org/bots/api#making-requests)."""


class ApiError(Exception):
    """A refused call: `code` is the HTTP status and `error_code`, `parameters` go to ResponseParameters."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


class BadRequest(ApiError):
    """A call refused with 400; the reason is given without its `Bad Request: ` prefix."""

    def __init__(self, reason: str, **parameters: int) -> None:
        super().__init__(400, f"Bad Request: {reason}", **parameters)


class Forbidden(ApiError):
    """A call refused with 403; the reason is given without its `Forbidden: ` prefix."""

    def __init__(self, reason: str) -> None:
        super().__init__(403, f"Forbidden: {reason}")
