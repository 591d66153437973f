"""Blocks, the content of pages, as far as text goes. Source: https://developers.notion.com/reference/block"""

from typing import Any

from sandbox.notion import richtext
from sandbox.notion.errors import invalid_body

MOST_CHILDREN = 100
MOST_BLOCKS = 1_000  # in one request, those within others included
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
    if (count := _count(children)) > MOST_BLOCKS:
        raise invalid_body(f"{path}.length", f"be ≤ `{MOST_BLOCKS}`", count)
    return [_block(child, f"{path}[{number}]") for number, child in enumerate(children)]


def _count(children: list[Any]) -> int:
    within = [content.get("children", []) for child in children for content in _contents(child)]
    return len(children) + sum(_count(those) for those in within if isinstance(those, list))


def _contents(child: object) -> list[dict[str, Any]]:
    return [value for value in child.values() if isinstance(value, dict)] if isinstance(child, dict) else []


def _block(child: object, path: str) -> dict[str, Any]:
    if not isinstance(child, dict):
        raise invalid_body(path, "be an object", child)
    kind = next((kind for kind in (*_TEXT_BLOCKS, *_OTHER_BLOCKS) if kind in child), None)
    if kind is None:
        raise invalid_body(f"{path}.paragraph", "be defined", None, undefined=True)
    for field in child:
        if field not in {"object", "type", kind}:
            raise invalid_body(f"{path}.{field}", "be not present", child[field])
    content = child[kind]
    if kind in _OTHER_BLOCKS:
        return {"type": kind, kind: content}
    if not isinstance(content, dict) or "rich_text" not in content:
        raise invalid_body(f"{path}.{kind}.rich_text", "be defined", None, undefined=True)
    text = richtext.parse(content["rich_text"], f"{path}.{kind}.rich_text")
    return {"type": kind, kind: {"color": "default", **content, "rich_text": text}}
