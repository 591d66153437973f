"""What models are told, in versions: what one is called, and what it must keep so that the code can work with it."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from bot.kernel.errors import Refusal
from bot.kernel.translation import gettext as _
from bot.kernel.translation import number

ALL_TYPES = ""
LONGEST_SYSTEM = 20_000
LONGEST_CHANGELOG = 200
_PLACEHOLDER = re.compile(r"\{([A-Za-z_]\w*)\}")


@dataclass(frozen=True, slots=True)
class Wording:
    """The text that one call is made with. prompt_id None: the one in the code."""

    prompt_id: int | None
    name: str
    system: str

    def filled(self, **values: str) -> str:
        """The text with its placeholders filled in; any other braces stand as they are."""
        return _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), self.system)


@dataclass(frozen=True, slots=True)
class Template:
    """The text that comes with the program for a purpose (draft, judge, intake), and what every version must keep.

    placeholders: what the code fills in; those in `needed` may not be left out (for a single type none is needed that
    only says which type it is).
    keeps: sentences that stand in every version word for word: they tell the model that material is not orders.
    """

    purpose: str
    system: str
    placeholders: frozenset[str]
    needed: frozenset[str]
    keeps: tuple[str, ...]
    by_type: frozenset[str] = frozenset()

    @property
    def shipped(self) -> Wording:
        return Wording(None, name_of(self.purpose, ALL_TYPES, 1), self.system)


@dataclass(frozen=True, slots=True)
class Version:
    """A row of `prompts`. task_type "": for every type that has none of its own in use."""

    id: int
    tenant: str
    purpose: str
    task_type: str
    version: int
    system: str
    changelog: str
    author_id: int | None
    active: bool
    created_at: datetime

    @property
    def name(self) -> str:
        return name_of(self.purpose, self.task_type, self.version)

    @property
    def wording(self) -> Wording:
        return Wording(self.id, self.name, self.system)


@dataclass(frozen=True, slots=True)
class Record:
    """How a version did. mean_score in points (0 to 100), of the drafts that were scored; None where none was.

    decided: drafts that a person decided on; turned_back: those of them that did not go out as they were.
    """

    drafts: int
    mean_score: float | None
    decided: int
    turned_back: int


@dataclass(frozen=True, slots=True)
class Details:
    """A version with all that is told of it.

    author: who wrote it, "" where it came with the program. active: all that are in use. previous: the one before it.
    record: how it did, of a drafting prompt; calls: how often any other was used in the last `days`.
    """

    version: Version
    author: str
    active: Collection[Version]
    previous: Version | None
    record: Record | None
    calls: int
    days: int


def name_of(purpose: str, task_type: str, version: int) -> str:
    """ "draft/2", or "draft/Research/2" for a single type: what `model_calls.prompt_version` says."""
    return "/".join(part for part in (purpose, task_type, str(version)) if part)


def choose(versions: Collection[Version], purpose: str, task_type: str) -> Version | None:
    """The version in use for a purpose and type: the type's own, else the one for all types, else none."""
    active = {v.task_type: v for v in versions if v.active and v.purpose == purpose}
    return active.get(task_type) or active.get(ALL_TYPES)


def check_system(template: Template, task_type: str, text: str) -> str:
    """The text of a new version without the white space around it.

    Raises Refusal that names everything the code relies on and does not find.
    """
    text = text.strip()
    if len(text) > LONGEST_SYSTEM:
        raise Refusal(
            _(
                "That prompt has {characters} characters; one holds {most}. Send a shorter one, I still wait for it.",
                characters=number(len(text)),
                most=number(LONGEST_SYSTEM),
            )
        )
    named = set(_PLACEHOLDER.findall(text))
    needed = template.by_type | template.needed if task_type == ALL_TYPES else template.needed
    problems = [_("The placeholder {name} is missing.", name=f"{{{name}}}") for name in sorted(needed - named)]
    problems += [
        _("{name} is no placeholder that I know.", name=f"{{{name}}}") for name in sorted(named - template.placeholders)
    ]
    flat = " ".join(text.split())
    problems += [_("This sentence has to stay: “{kept}”", kept=kept) for kept in template.keeps if kept not in flat]
    if problems:
        todo = _("Take the text in use as a file, change it, and send it again as a message or .md file. I still wait.")
        raise Refusal("\n".join([_("That text cannot be used."), *problems, todo]))
    return text


def check_changelog(text: str) -> str:
    """The line that says what a version changes.

    Raises Refusal where it is empty, or so long that it is rather a part of the prompt itself.
    """
    text = " ".join(text.split())
    if not text:
        raise Refusal(_("Say in a line what changes and why, for example: asks for the reader first."))
    if len(text) > LONGEST_CHANGELOG:
        raise Refusal(
            _(
                "That has {characters} characters; the changelog is a line of up to {most}. If it is the rest of a "
                "long prompt: take /stop, and send the whole prompt as an .md file.",
                characters=number(len(text)),
                most=number(LONGEST_CHANGELOG),
            )
        )
    return text
