"""What a model thinks is taken out of what it says, wherever the pieces of a stream end."""

import pytest

from bot.adapters.openai_thoughts import Spoken

SAID = "Nordwind brings your parcel. İstanbul is <b>not</b> served [yet] <|"
CASES = {
    "<think>secret</think>\n\n{}": "\n\n{}",
    "{}<think>secret</think>": "{}",
    "secret, whose beginning is not marked</think>{}": "{}",
    "<think>secret <think>secret</think> secret</think>{}": "{}",
    "<THINK>secret</Think>{}": "{}",
    "[THINK]secret[/THINK]{}": "{}",
    "<|channel|>analysis<|message|>secret<|end|><|start|>assistant<|channel|>final<|message|>{}<|return|>": "{}",
    "<|channel|>commentary to=x<|message|>secret": "",
    "analysisThe secret assistantfinal{}": "{}",
    "<think>secret that never ends {}": "",
    "analysis of the market: {}": "analysis of the market: {}",
    "{}": "{}",
}


@pytest.mark.parametrize("size", [1, 2, 3, 7, 10_000])
@pytest.mark.parametrize(("text", "said"), list(CASES.items()), ids=range(len(CASES)))
def test_thoughts_are_left_out(text: str, said: str, size: int) -> None:
    """Only what is said is left, whatever the size of the pieces, and a preview is shown no thought whose beginning is
    marked.
    """
    text, said = text.replace("{}", SAID), said.replace("{}", SAID)
    spoken = Spoken()
    shown = [spoken.feed(text[start : start + size]) for start in range(0, len(text), size)]
    shown.append(spoken.end())
    assert spoken.text == said
    if not spoken.closed_only:
        assert "".join(shown) == said


@pytest.mark.parametrize("text", [case for case in CASES if "secret" in case])
def test_any_sign_of_a_thought_is_told(text: str) -> None:
    """What holds a thought says so, and what only speaks like one does not."""
    assert _read(text).thinks
    assert not _read("analysis of the market: <b>none</b> <|end|>").thinks


def _read(text: str) -> Spoken:
    spoken = Spoken()
    spoken.feed(text)
    spoken.end()
    return spoken
