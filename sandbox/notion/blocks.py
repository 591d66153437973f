"""Blocks, the content of pages, as far as text goes. Source: https://developers.notion.com/reference/block"""

from typing import Any

from sandbox.notion import richtext
from sandbox.notion.errors import invalid_body

MOST_CHILDREN = 100
_TEXT_BLOCKS = (
    "paragraph",
    "heading_1",
    "heading_2",
    "heading_3",
    "bulleted_list_item",
    "numbered_list_item",
    "to_do",
    "toggle",
    "quote",
    "callout",
    "code",
)
_OTHER_BLOCKS = ("divider", "bookmark", "embed")


def parse(children: object, path: str = "children") -> list[dict[str, Any]]:
    """The contents of new blocks: their type and the object of that type; raises NotionError 400."""
    if not isinstance(children, list):
        raise invalid_body(path, "be an array", children, undefined=children is None)
    if len(children) > MOST_CHILDREN:
        raise invalid_body(f"{path}.length", f"be ≤ `{MOST_CHILDREN}`", len(children))
    return [_block(child, f"{path}[{number}]") for number, child in enumerate(children)]


def _block(child: object, path: str) -> dict[str, Any]:
    if not isinstance(child, dict):
        raise invalid_body(path, "be an object", child)
    kind = next((kind for kind in (*_TEXT_BLOCKS, *_OTHER_BLOCKS) if kind in child), None)
    if kind is None:
        raise invalid_body(f"{path}.paragraph", "be defined", None, undefined=True)
    content = child[kind]
    if kind in _OTHER_BLOCKS:
        return {"type": kind, kind: content}
    if not isinstance(content, dict) or "rich_text" not in content:
        raise invalid_body(f"{path}.{kind}.rich_text", "be defined", None, undefined=True)
    text = richtext.parse(content["rich_text"], f"{path}.{kind}.rich_text")
    return {"type": kind, kind: {"color": "default", **content, "rich_text": text}}
