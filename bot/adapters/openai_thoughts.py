"""What a model thinks is not what it says: thoughts are taken out of a text, while it comes in pieces too.

Servers without a parser of their own leave them in the text, between the marks of the model's own template.
Sources: https://docs.vllm.ai/en/latest/features/reasoning_outputs.html (think tags, also without the opening one),
https://docs.mistral.ai/capabilities/reasoning/ ([THINK]), https://github.com/openai/harmony (channels)
"""

_TAGS = ("think", "thinking", "thought", "thoughts", "reasoning")
_FINAL = "final<|message|>"  # of the one channel that is for the reader
# What is hidden until its end comes.
_OPENERS = {f"<{tag}>": f"</{tag}>" for tag in _TAGS} | {
    "[think]": "[/think]",
    "◁think▷": "◁/think▷",
    "<|channel|>": _FINAL,
}
_CLOSERS = frozenset(_OPENERS.values()) - {_FINAL}
_NOISE = ("<|start|>assistant", "<|return|>", "<|end|>", "<|im_end|>", "<|eot_id|>")
_MARKS = (*_OPENERS, *_CLOSERS, *_NOISE)
# How gpt-oss looks where its special tokens were lost on the way.
_BARE_OPENER, _BARE_FINAL = "analysis", "assistantfinal"
_SMALL = {ord(letter): letter.lower() for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}


class Spoken:
    """What is said in a text that comes in pieces; `text` is all of it so far.

    closed_only: a thought ended that was never seen to begin, so that everything before it was one. thinks: there was
    any sign of a thought, so that what was said until then may yet turn out to be one.
    """

    def __init__(self) -> None:
        self.text = ""
        self.closed_only = False
        self.thinks = False
        self._held = ""
        self._until: str | None = None
        self._begun = False

    def feed(self, piece: str) -> str:
        """Take the next piece; returns what is new of what is said, without what may yet turn out to be a mark."""
        self._held += piece
        if not self._begun and not self._beginning():
            return ""
        return self._read(last=False)

    def end(self) -> str:
        """There is no more; returns what was held back."""
        self._begun = True
        return self._read(last=True)

    def _beginning(self) -> bool:
        """Whether it is known how the text begins."""
        start = self._held.lstrip()
        if len(start) <= len(_BARE_OPENER):
            return False
        self._begun = True
        if start.startswith(_BARE_OPENER) and start[len(_BARE_OPENER)].isalpha():
            self._until, self.thinks = _BARE_FINAL, True
        return True

    def _read(self, *, last: bool) -> str:
        said = ""
        while True:
            marks = _MARKS if self._until is None else (self._until,)
            low = _lower(self._held)
            found = min(((low.find(mark), -len(mark), mark) for mark in marks if mark in low), default=None)
            if found is None:
                break
            at, _, mark = found
            before, self._held = self._held[:at], self._held[at + len(mark) :]
            self.thinks = self.thinks or mark not in _NOISE
            if self._until is not None:
                self._until = None
            elif mark in _CLOSERS:
                self.closed_only, said, self.text = True, "", ""
            else:
                said, self.text = said + before, self.text + before
                self._until = _OPENERS.get(mark)
        kept = 0 if last else _may_become(_lower(self._held), marks)
        free, self._held = self._held[: len(self._held) - kept], self._held[len(self._held) - kept :]
        if self._until is None:
            said, self.text = said + free, self.text + free
        return said


def _lower(text: str) -> str:
    """In small letters, and as long as before, which `str.lower` does not promise."""
    return text.translate(_SMALL)


def _may_become(low: str, marks: tuple[str, ...]) -> int:
    """How many characters at the end may be the beginning of a mark."""
    longest = max(len(mark) for mark in marks) - 1
    ends = (low[-n:] for n in range(min(longest, len(low)), 0, -1))
    return next((len(end) for end in ends if any(mark.startswith(end) for mark in marks)), 0)
