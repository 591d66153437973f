"""What a model thinks is not what it says: thoughts are taken out of a text, while it comes in pieces too.

Servers without a parser of their own leave them in the text, between the marks of the model's own template
(`bot.adapters.openai.marks`). What looks like such a mark and is not understood leaves the text in doubt.
"""

import re

from bot.adapters.openai.marks import MARK, UNFINISHED, Mark, Means, read_mark

_KNOWN_AFTER = 40  # characters after which it is known how a text begins
_NEVER = re.compile(r"(?!)")
# How texts begin that think without marks, or whose marks were lost on the way, and where that ends: gpt-oss without
# its special tokens, Granite (vllm/reasoning/granite_reasoning_parser.py), Ollama's own command line, Gemini.
_UNMARKED = (
    (re.compile(r"(?:assistant)?analysis(?=[A-Za-z\n])"), re.compile(r"assistantfinal")),
    (re.compile(r"here(?:['’]s| is) my (?:thought|thinking|reasoning) process:", re.IGNORECASE),
     re.compile(r"here(?:['’]s| is) my (?:final )?(?:response|answer):", re.IGNORECASE)),
    (re.compile(r"Thinking\.\.\.\s*\n"), re.compile(r"\.\.\.done thinking\.")),
    (re.compile(r"(?:thoughts?|think|thinking|reasoning)\n"), _NEVER),
    (re.compile(r"\W{0,4}(?:my )?(?:thoughts?|thinking|reasoning)(?: process)?(?:\W{0,4}\n|:)", re.IGNORECASE), _NEVER),
)  # fmt: skip
_LONGEST_END = 40
_ENDS = frozenset({Means.ENDS, Means.PERHAPS_ENDS, Means.CLOSES})
_HEAD = 200  # characters by which a document is known
_HIDDEN = "hidden"  # the text of a channel that is not for the reader
_SPEAKER = "assistant"
_DATA = ("<", "{", "[", "```")  # how a document begins whose own names may be those of perhaps a thought
# Elements of web pages, with which a text may begin; what stands in another tag before it may be a thought.
_HTML = (
    r"(?:a|abbr|address|article|aside|b|blockquote|body|button|caption|center|cite|code|dd|del|details|dfn|div|dl|dt"
    r"|em|figcaption|figure|font|footer|form|h[1-6]|head|header|html|i|ins|kbd|label|li|main|mark|nav|ol"
    r"|p|pre|q|s|samp|script|section|small|span|strike|strong|style|sub|summary|sup|svg|table|tbody|td|template|tfoot"
    r"|th|thead|time|title|tr|u|ul|var)"
)
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")  # between the letters of a mark
# Signs of what a person's page would fold away, and tags in other letters, other languages and escapes.
_WORDS = r"(?:think|thinking|thoughts?|reasoning)"
_DOUBTFUL = re.compile(
    r"[\[{◁«＜‹【⟨]{1,2}\s*/?\s*(?:begin[_ ]|end[_ ])?(?:think|thinking|thoughts?)\s*[\]}▷»＞›】⟩]{1,2}(?!\()"
    rf"|(?:```|~~~)\s*{_WORDS}\b|<[\s/|]*think|assistant(?:commentary|analysis)|<!--\s*/?\s*{_WORDS}\b"
    r"|\[/reasoning\]|\\u003c/?(?:think|thought|reasoning)"
    r"|<(?:details|div|span|section|p|aside)\b[^<>]{0,100}\b(?:class|data-\w{1,20}|id)"
    r"\s*=\s*[\"'][^\"'<>]{0,60}(?:think|thought|reasoning)"
    r"|<details\b[^<>]{0,100}>\s*<summary>\s*(?:<\w{1,10}>\s*)?\W{0,4}(?:think|thought|reasoning|chain of)"
    r"|</?\s*(?:思考|思维|推理|pensamientos?|razonamiento|pens[ée]es?|réflexion|raisonnement|denken|gedanken?"
    r"|überlegung(?:en)?|ragionamento|pensiero|raciocínio|мысли|размышления?|düşünce)\s*>|【思考】"
    r"|\A\W{0,4}(?:thought for (?:\d+|a few|several) (?:seconds?|minutes?)\b|thinking(?:\.\.\.|…))"
    rf"|\A\s*<(?!{_HTML}>)([a-z][\w:-]{{1,30}})>(?!\s*<).{{0,100000}}?</\1>\s*[^<\s]"
    r"|<[|｜][a-z_▁][\w▁.-]{2,60}[|｜]>",
    re.IGNORECASE | re.DOTALL,
)
_WRAPPED = re.compile(
    r"\s*<(answer|final_answer|final|response|output|solution)>(?!\s*<)(.*)</\1>\s*", re.DOTALL | re.IGNORECASE
)
_LAST = re.compile(r"(?:\s*(?:</s>|<\|[\w▁-]{2,40}\|>|<｜[\w▁-]{2,40}｜>|<end_of_turn>|<eos>))+\s*\Z")


class Spoken:
    """What is said in a text that comes in pieces; `text` is all of it so far.

    closed_only: a thought ended that was never seen to begin, so that everything before it was one. thinks: there was
    any sign of a thought, so that what was said until then may yet turn out to be one. doubtful: there is something in
    it that may be the mark of one, and nobody can tell.
    """

    def __init__(self) -> None:
        self.text = ""
        self.closed_only = False
        self.thinks = False
        self.doubtful = False
        self._held = ""
        self._until: str | None = None  # the key of the mark that ends the thought
        self._ended_by: re.Pattern[str] | None = None  # or what ends it where nothing is marked
        self._begun = False
        self._channel: str | None = None  # what was read of the name of a channel
        self._turn = False

    def feed(self, piece: str) -> str:
        """Take the next piece; returns what is new of what is said, without what may yet turn out to be a mark."""
        self._held += piece
        return self._read(last=False) if self._beginning(last=False) else ""

    def end(self) -> str:
        """There is no more; returns what was held back."""
        self._beginning(last=True)
        rest = self._read(last=True)
        if (bare := _LAST.sub("", self.text)) != self.text and not (bare.count("<s>") and "</s>" in self.text[-8:]):
            rest = rest[: max(0, len(rest) - (len(self.text) - len(bare)))]
            self.text = bare
        if wrapped := _WRAPPED.fullmatch(self.text):
            self.text = wrapped[2].strip()
        self.doubtful = self.doubtful or _DOUBTFUL.search(_UNSEEN.sub("", self.text)) is not None
        return rest

    def _beginning(self, *, last: bool) -> bool:
        """Whether it is known how the text begins."""
        if self._begun:
            return True
        start = self._held.lstrip()
        if not last and len(start) <= _KNOWN_AFTER:
            return False
        self._begun = True
        self._ended_by = next((end for begin, end in _UNMARKED if begin.match(start)), None)
        self.thinks = self._ended_by is not None
        return True

    def _read(self, *, last: bool) -> str:
        said = ""
        while (step := self._step()) is not None:
            said = step if self._dropped else said + step
        kept = 0 if last else self._unfinished()
        free, self._held = self._held[: len(self._held) - kept], self._held[len(self._held) - kept :]
        return said + self._say(free)

    @property
    def _dropped(self) -> bool:
        """Whether all that was said so far was just found to be a thought."""
        return self.closed_only and not self.text

    def _step(self) -> str | None:
        """Read up to the next mark and what it means; None where there is none. What is said before it is returned."""
        if self._ended_by is not None:
            if (end := self._ended_by.search(self._held)) is None:
                return None
            self._held, self._ended_by = self._held[end.end() :], None
            return ""
        if self._turn and not self._turned():
            return None
        for found in MARK.finditer(self._held):
            if (mark := read_mark(found[0])) is None or self._is_text(mark, found.start()):
                continue
            before, self._held = self._held[: found.start()], self._held[found.end() :]
            return self._marked(mark, before)
        return None

    def _is_text(self, mark: Mark, at: int) -> bool:
        """Whether what may be a mark is none here: in a thought all but its own end, in a document its own names."""
        if self._until is not None:
            return not (mark.means in _ENDS and mark.key == self._until)
        if self._channel is not None:
            return mark.means not in {Means.CHANNEL, Means.MESSAGE}
        if mark.means not in {Means.PERHAPS_BEGINS, Means.PERHAPS_ENDS}:
            return mark.means is Means.CLOSES
        said = (self.text[:_HEAD] + self._held[: min(at, _HEAD)]).strip()
        if said.startswith(_DATA):
            return True
        if not said or mark.means is Means.PERHAPS_ENDS:
            return False
        self.doubtful = self.thinks = True
        return True

    def _marked(self, mark: Mark, before: str) -> str:
        match mark.means:
            case Means.BEGINS | Means.PERHAPS_BEGINS:
                said = self._say(before)
                self._until, self.thinks = mark.key, True
                return said
            case Means.ENDS | Means.PERHAPS_ENDS | Means.CLOSES:
                self.thinks = True
                if self._until is not None:
                    self._until = None
                else:
                    self.closed_only, self.text = True, ""
                return ""
            case Means.CHANNEL:
                said = self._say(before)
                self._channel, self.thinks = "", True
                return said
            case Means.MESSAGE if self._channel is not None:
                self._channel = None if (self._channel + before).strip().startswith("final") else _HIDDEN
                return ""
        said = self._say(before)
        self._turn = mark.means is Means.TURN
        return said

    def _turned(self) -> bool:
        """Pass over the name of who speaks; False where it may still be on its way. Any other one is in doubt."""
        if _SPEAKER.startswith(self._held) and self._held != _SPEAKER:
            return False
        self.doubtful = self.doubtful or not self._held.startswith(_SPEAKER)
        self._held, self._turn = self._held.removeprefix(_SPEAKER), False
        return True

    def _unfinished(self) -> int:
        """How many characters at the end may be the beginning of a mark."""
        if self._ended_by is not None:
            return min(len(self._held), _LONGEST_END)
        if self._turn:
            return len(self._held)
        found = UNFINISHED.search(self._held)
        return len(found[0]) if found else 0

    def _say(self, text: str) -> str:
        """What of a text is said, and not thought."""
        if self._until is not None or self._ended_by is not None:
            return ""
        if self._channel is not None:
            self._channel += "" if self._channel.startswith(_HIDDEN) else text
            return ""
        self.text += text
        return text
