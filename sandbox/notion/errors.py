"""Notion's error bodies and ready-made faults. Source: https://developers.notion.com/reference/status-codes"""

import json
from dataclasses import dataclass
from uuid import uuid4

from aiohttp import web

from sandbox.faults import Fault

_CODES = {
    400: ("validation_error", "body failed validation."),
    401: ("unauthorized", "API token is invalid."),
    403: ("restricted_resource", "Insufficient permissions for this endpoint."),
    404: ("object_not_found", "Could not find the object. Make sure it is shared with your integration."),
    409: ("conflict_error", "Conflict occurred while saving. Please try again."),
    429: ("rate_limited", "You have been rate limited. Please try again in a few minutes."),
    500: ("internal_server_error", "Unexpected error occurred."),
    502: ("bad_gateway", "Bad gateway."),
    503: ("service_unavailable", "Public API service is temporarily unavailable, please try again later."),
    504: ("gateway_timeout", "Gateway timeout."),
    529: ("service_overload", "Notion is temporarily overloaded. Please try again later."),
}


@dataclass(eq=False)
class NotionError(Exception):
    """An error as the API words it."""

    status: int
    code: str
    message: str
    retry_after: int | None = None  # seconds
    additional: dict[str, object] | None = None

    def response(self) -> web.Response:
        headers = {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}
        shown = body(self.status, self.code, self.message)
        if self.additional is not None:
            shown["additional_data"] = self.additional
        return web.json_response(shown, status=self.status, headers=headers)


def body(status: int, code: str, message: str) -> dict[str, object]:
    """An error as Notion's API tells it."""
    return {"object": "error", "status": status, "code": code, "message": message, "request_id": str(uuid4())}


def planned(where: str, status: int, *, times: int | None = 1, retry_after: int | None = None) -> Fault:
    """A status fault with Notion's own body for this status; `retry_after` in whole seconds, as Notion sends it."""
    code, message = _CODES[status]
    text = json.dumps(body(status, code, message))
    return Fault(where, "status", times=times, status=status, retry_after=retry_after, body=text)


def unauthorized() -> NotionError:
    """A token that Notion does not know."""
    return NotionError(401, *_CODES[401])


def rate_limited(retry_after: int, reason: str) -> NotionError:
    """`reason`: which budget is spent; the words that Notion has for it were not to be read."""
    additional: dict[str, object] = {"rate_limit_reason": reason}
    return NotionError(429, *_CODES[429], retry_after=retry_after, additional=additional)


def block_limit() -> NotionError:
    """A Free workspace with several members that has used up its blocks; the words are ours, Notion's are not known.

    Source: https://developers.notion.com/reference/workspace-block-limits
    """
    message = "This workspace has reached its block limit. Upgrade the workspace's plan to create more blocks."
    return NotionError(403, "restricted_resource", message)


def archived(*, ancestor: bool = False) -> NotionError:
    """An edit of what is in the trash, by itself or with what it is in."""
    if ancestor:
        words = "page on block with an archived ancestor. You must unarchive the ancestor before editing page."
        return invalid(f"Can't edit {words}")
    return invalid("Can't edit block that is archived. You must unarchive the block before editing.")


def not_found(kind: str, identifier: str) -> NotionError:
    """A thing that is not there, or is not shared with the integration."""
    message = (
        f"Could not find {kind} with ID: {identifier}. Make sure the relevant pages and databases are shared with your"
        ' integration "EchoPilot".'
    )
    return NotionError(404, "object_not_found", message)


def invalid(message: str) -> NotionError:
    """A request that Notion does not understand."""
    return NotionError(400, "validation_error", message)


def invalid_body(path: str, should: str, given: object, *, undefined: bool = False) -> NotionError:
    """`body failed validation: body.x should be y, instead was z.`"""
    shown = "undefined" if undefined else json.dumps(given)
    return invalid(f"body failed validation: body.{path} should {should}, instead was `{shown}`.")
