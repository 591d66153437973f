"""Footnotes, which CommonMark has none of: [^1] within the text, and a line [^1]: that says what stands there.

https://docs.github.com/en/get-started/writing-on-github/getting-started-with-writing-and-formatting-on-github/basic-writing-and-formatting-syntax#footnotes
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Self

_LABEL = r"\[\^([^\]\s\[^]{1,40})\]"
_DEFINITION = re.compile(rf"^ {{0,3}}{_LABEL}:[ \t]*(.*)$")
_REFERENCE = re.compile(_LABEL)
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
MOST = 500


@dataclass
class Footnotes:
    """The footnotes of one text. texts: what each says, by its label; read: the same as runs; numbers: of those that
    were referred to by now, in their order.
    """

    texts: dict[str, str]
    read: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)

    @classmethod
    def split(cls, text: str) -> tuple[str, Self]:
        """The text without its footnotes, and these."""
        body: list[str] = []
        texts: dict[str, str] = {}
        fence, label = "", ""
        for line in text.split("\n"):
            if mark := _FENCE.match(line):
                fence = "" if fence and line.strip().startswith(fence) else fence or mark[1]
            found = None if fence or len(texts) >= MOST else _DEFINITION.match(line)
            if found is not None and found[1] not in texts:
                label = found[1]
                texts[label] = found[2]
            elif label and not fence and line.startswith(("    ", "\t")):
                texts[label] += f" {line.strip()}"
            else:
                label = ""
                body.append(line)
        return "\n".join(body), cls(texts)

    def runs(self, words: str) -> Iterator[dict[str, Any]]:
        """The words, with a note in place of each first reference, and its number in place of each other one."""
        end = 0
        for found in _REFERENCE.finditer(words):
            label = found[1]
            if label not in self.texts:
                continue
            if found.start() > end:
                yield {"t": "text", "s": words[end : found.start()]}
            elif end:
                yield {"t": "sup", "s": ", "}
            end = found.end()
            if label in self.numbers:
                yield {"t": "sup", "s": str(self.numbers[label])}
                continue
            self.numbers[label] = len(self.numbers) + 1
            yield {"t": "note", "s": "", "n": self.numbers[label], "note": self.read[label]}
        if end < len(words):
            yield {"t": "text", "s": words[end:]}
