"""Rich text, as titles, text properties and blocks carry it. Source: https://developers.notion.com/reference/rich-text"""

from typing import Any

from sandbox.notion.errors import invalid_body

LONGEST_TEXT = 2_000  # characters in one text object
LONGEST_URL = 2_000
MOST_ITEMS = 100
_ANNOTATIONS = {
    "bold": False,
    "italic": False,
    "strikethrough": False,
    "underline": False,
    "code": False,
    "color": "default",
}


def parse(value: object, path: str) -> list[dict[str, Any]]:
    """A list of text objects completed as Notion completes them; raises NotionError 400."""
    if not isinstance(value, list):
        raise invalid_body(path, "be an array", value)
    if len(value) > MOST_ITEMS:
        raise invalid_body(f"{path}.length", f"be ≤ `{MOST_ITEMS}`", len(value))
    return [_item(item, f"{path}[{number}]") for number, item in enumerate(value)]


def plain(items: list[dict[str, Any]]) -> str:
    """The text of all items together."""
    return "".join(str(item["plain_text"]) for item in items)


def _item(item: object, path: str) -> dict[str, Any]:
    if not isinstance(item, dict):
        raise invalid_body(path, "be an object", item)
    text = item.get("text")
    if not isinstance(text, dict):
        raise invalid_body(f"{path}.text", "be defined", None, undefined=True)
    content = text.get("content")
    if not isinstance(content, str):
        raise invalid_body(f"{path}.text.content", "be a string", content, undefined="content" not in text)
    if len(content) > LONGEST_TEXT:
        raise invalid_body(f"{path}.text.content.length", f"be ≤ `{LONGEST_TEXT}`", len(content))
    link = text.get("link")
    url = link.get("url") if isinstance(link, dict) else None
    if isinstance(url, str) and len(url) > LONGEST_URL:
        raise invalid_body(f"{path}.text.link.url.length", f"be ≤ `{LONGEST_URL}`", len(url))
    return {
        "type": "text",
        "text": {"content": content, "link": link},
        "annotations": {**_ANNOTATIONS, **item.get("annotations", {})},
        "plain_text": content,
        "href": url,
    }
