"""The marks between which models and servers put what is no answer, read by what they are called and not from a list.

Each model's template has marks of its own: <think>, <seed:think>, <|START_THINKING|>, <|begin_of_thought|>, [THINK],
◁think▷, <|channel>thought, <details type="reasoning">. They have in common what stands in their names.
Sources: https://docs.vllm.ai/en/latest/features/reasoning_outputs.html and its parsers (vllm/reasoning),
https://docs.mistral.ai/capabilities/reasoning/, https://github.com/openai/harmony, the templates of Seed-OSS, Command A
Reasoning, LongCat, Gemma and Kimi; open-webui/open-webui (backend/open_webui/utils/middleware.py) for tags of prompts.
"""

import re
from dataclasses import dataclass
from enum import Enum, auto

_LONGEST = 160  # characters of a mark with its attributes
_OPEN = r"<[\s/|｜]*[A-Za-z_]"
# What may be a mark, and what may yet become one at the end of what has come so far.
MARK = re.compile(
    rf"{_OPEN}[^<>]{{0,{_LONGEST}}}>|&lt;\s*/?\s*[A-Za-z_][^<>&]{{0,40}}&gt;|\[/?[A-Za-z]{{1,20}}\]|◁/?[A-Za-z]{{1,20}}▷"
    r"|assistantfinal"
)
_FINAL_WORD = "|".join("assistantfinal"[:size] for size in range(13, 0, -1))
UNFINISHED = re.compile(
    rf"(?:<[\s/|｜]*(?:[A-Za-z_][^<>]{{0,{_LONGEST}}})?|&(?:l|lt|lt;\s*/?\s*(?:[A-Za-z_][^<>&]{{0,40}})?(?:&|&g|&gt)?)?"
    rf"|\[/?[A-Za-z]{{0,20}}|◁/?[A-Za-z]{{0,20}}|(?:{_FINAL_WORD}))\Z"
)
# Of names that nobody gives to anything else, and of those that a document may have as well.
_SURE = re.compile(r"think|thought|reasoning")
_PERHAPS = re.compile(r"reason|analysis|scratch_?pad|reflect|monologue|rationale|deliberat")
_NO_THOUGHT = re.compile(r"no_?think")
_TYPE = re.compile(r"""\btype\s*=\s*["']?\s*(?:think|thought|reason)""", re.IGNORECASE)
_BEGINS, _ENDS = (
    re.compile(r"(?:start|begin|open)(?:[_▁](?:of))?[_▁]?"),
    re.compile(r"(?:end|stop|close)(?:[_▁]of)?[_▁]?"),
)
# What a template puts around turns and answers.
_FRAME = re.compile(
    r"(?:im_start|im_end|start|end|return|eos|bos|eot|eom|eot_id|eom_id|pad|endoftext|call|constrain|assistant"
    r"|(?:start|begin|end)[_▁](?:of[_▁])?(?:response|solution|text|answer|turn|box|sentence|header_id)"
    r"|chatbot_token|start_of_turn_token|end_of_turn_token|unused\d+)"
)
_TURNS = frozenset({"start", "im_start", "start_header_id", "start_of_turn"})


class Means(Enum):
    """What a mark says: a thought begins or ends, for certain or perhaps; or nothing that anybody should read."""

    BEGINS = auto()
    ENDS = auto()
    PERHAPS_BEGINS = auto()
    PERHAPS_ENDS = auto()
    CLOSES = auto()  # whatever tag it is, so that it ends a thought only where that began with it
    CHANNEL = auto()  # of harmony: what follows says for whom it is
    MESSAGE = auto()  # of harmony: here it begins
    TURN = auto()  # the name of who speaks follows
    FRAME = auto()


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark, and the key that the one which ends it has in common with it."""

    means: Means
    key: str = ""


# Of the reserve of Gemma's and Gemini's templates, between which MedGemma and Gemini think.
_RESERVED = {"unused94": Means.BEGINS, "unused95": Means.ENDS, "ctrl94": Means.BEGINS, "ctrl95": Means.ENDS}


def read_mark(text: str) -> Mark | None:
    """What the mark means; None where it is a piece of the text."""
    if text == "assistantfinal":
        return Mark(Means.ENDS, "harmony")
    if text.startswith(("[", "◁")):
        name = text[1:-1].lower()
        sure = name.removeprefix("/") in {"think", "thinking"}
        return Mark(Means.ENDS if name.startswith("/") else Means.BEGINS, name.removeprefix("/")) if sure else None
    body = text.removeprefix("&lt;").removeprefix("<").removesuffix("&gt;").removesuffix(">")
    found = re.match(r"[\s/|｜]*([A-Za-z_][\w:.▁-]*)", body)
    if found is None:
        return None
    special = body.startswith(("|", "｜")) or body.endswith(("|", "｜"))
    closes, rest = "/" in found[0], body[found.end() :].strip("|｜/ \t\r\n")
    if rest and "=" not in rest:  # words between signs that are no tag
        return None
    return _special(found[1].lower(), body, closes=closes) if special else _tag(found[1].lower(), body, closes=closes)


def _special(name: str, body: str, *, closes: bool) -> Mark | None:
    """A token of a template: <|name|>."""
    if name == "channel":
        if body.endswith("|") and body.startswith("|"):
            return Mark(Means.CHANNEL)
        return Mark(Means.BEGINS if body.startswith("|") else Means.ENDS, "channel")
    if name == "message":
        return Mark(Means.MESSAGE)
    if _NO_THOUGHT.search(name):
        return Mark(Means.FRAME)
    if _SURE.search(name) or _PERHAPS.search(name):
        closes = closes or _ENDS.match(name) is not None
        return Mark(Means.ENDS if closes else Means.BEGINS, _ENDS.sub("", _BEGINS.sub("", name)))
    if name in _TURNS:
        return Mark(Means.TURN)
    return Mark(Means.FRAME) if _FRAME.fullmatch(name) else None


def _tag(name: str, body: str, *, closes: bool) -> Mark | None:
    """A tag of a prompt or a template: <name>, perhaps with attributes."""
    if name in _RESERVED:
        return Mark(_RESERVED[name], name[:-2])
    if body.rstrip().endswith("/") or _NO_THOUGHT.search(name):
        return Mark(Means.FRAME) if _SURE.search(name) else None
    if _SURE.search(name):
        return Mark(Means.ENDS if closes else Means.BEGINS, name)
    if not closes and _TYPE.search(body):
        return Mark(Means.BEGINS, name)
    if _PERHAPS.search(name):
        return Mark(Means.PERHAPS_ENDS if closes else Means.PERHAPS_BEGINS, name)
    if name in {"start_of_turn", "end_of_turn", "eos", "bos"}:
        return Mark(Means.TURN if name == "start_of_turn" else Means.FRAME)
    return Mark(Means.CLOSES, name) if closes else None
