"""What a model thinks is taken out of what it says, wherever the pieces of a stream end."""

from functools import partial

import pytest

from bot.adapters.openai.thoughts import Spoken
from tests.costs import dearer

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
    "<seed:think>secret</seed:think>{}": "{}",
    "<|START_THINKING|>secret<|END_THINKING|><|START_RESPONSE|>{}<|END_RESPONSE|>": "{}",
    "<|begin_of_thought|>secret<|end_of_thought|><|begin_of_solution|>{}<|end_of_solution|>": "{}",
    "<|channel>thought\nsecret<channel|>{}": "{}",
    "<|channel|>analysis<|message|>secret<|end|><|start|>assistant<|channel|>final <|constrain|>x<|message|>{}": "{}",
    "<longcat_think>secret</longcat_think>{}": "{}",
    "<mm:think>secret</mm:think>{}": "{}",
    "<antThinking>secret</antThinking>{}": "{}",
    "<analysis>secret</analysis>{}": "{}",
    "<scratchpad>secret</scratchpad>{}": "{}",
    "<reflection>secret</reflection>{}": "{}",
    "<inner_monologue>secret</inner_monologue>{}": "{}",
    "secret</scratchpad>{}": "{}",
    "<think >secret</think >{}": "{}",
    "< think\n>secret</ think\n>{}": "{}",
    '<think duration="3">secret</think>{}': "{}",
    "&lt;think&gt;secret&lt;/think&gt;{}": "{}",
    '<details type="reasoning" done="true"><summary>secret</summary>\n> secret <b>x</b>\n</details>{}': "{}",
    "<unused94>thought\nsecret<unused95>{}": "{}",
    "<ctrl94>thought\nsecret<ctrl95>{}": "{}",
    "◁think▷secret◁/think▷{}": "{}",
    "analysis\nsecret\nassistantfinal{}": "{}",
    "assistantanalysisThe secret assistantfinal{}": "{}",
    "Here is my thought process: the secret. Here is my response:{}": "{}",
    "thought\nThe secret {}": "",
    "**Thinking**\nThe secret {}": "",
    "<think/>{}": "{}",
    "<|im_start|>assistant{}<|im_end|>": "{}",
    "analysis of the market: {}": "analysis of the market: {}",
    "<order><reason>late</reason></order> {}": "<order><reason>late</reason></order> {}",
    "{}": "{}",
}
IN_DOUBT = (
    "{}\n<reflection>secret</reflection>",
    "{}\n{think}secret",
    "{}\n```thinking\nsecret\n```",
    "{} <think about it",
    "{} assistantcommentary secret",
    "[reasoning]secret[/reasoning]{}",
    "＜think＞secret＜/think＞{}",
    "【思考】secret【回答】{}",
    "<思考>secret</思考>{}",
    "<pensamiento>secret</pensamiento>{}",
    "<Gedanken>secret</Gedanken>{}",
    "<th\u200bink>secret</th\u200bink>{}",
    "<!-- thinking: secret -->\n{}",
    "\\u003cthink\\u003esecret\\u003c/think\\u003e{}",
    "<details>\n<summary>Thought for 3 seconds</summary>\nsecret\n</details>\n{}",
    "<details class='x reasoning'>secret</details>{}",
    '<div class="thinking">secret</div>{}',
    "Thought for 12 seconds\n\nsecret\n\n{}",
    "*Thinking...* secret\n\n{}",
    "<plan>secret</plan>\n{}",
    "<internal_notes>secret</internal_notes>\n{}",
    "<commentary>secret</commentary>{}",
    "<system-reminder>\nsecret\n</system-reminder>\n\n{}",
    "<|inner_prefix|>secret<|inner_suffix|>{}",
    "<|im_start|>think\nsecret<|im_end|><|im_start|>assistant\n{}",
)


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
    assert not spoken.doubtful
    if not spoken.closed_only:
        assert "".join(shown) == said


@pytest.mark.parametrize("text", [case for case in CASES if "secret" in case])
def test_any_sign_of_a_thought_is_told(text: str) -> None:
    """What holds a thought says so, and what only speaks like one does not."""
    assert _read(text).thinks
    assert not _read("analysis of the market: <b>none</b> <|end|>").thinks


@pytest.mark.parametrize("size", [1, 10_000])
@pytest.mark.parametrize("text", IN_DOUBT)
def test_what_may_be_a_thought_is_in_doubt(text: str, size: int) -> None:
    """What looks like the mark of a thought and is not understood is told, so that nothing of it is sold."""
    spoken = Spoken()
    text = text.replace("{}", SAID)
    for start in range(0, len(text), size):
        spoken.feed(text[start : start + size])
    spoken.end()
    assert spoken.doubtful


AROUND = ("{}</s>", "{}<|endoftext|>", "{}\n<|anything|> ", "<answer>\n{}\n</answer>", "{}<eos>", "{}<end_of_turn>")


@pytest.mark.parametrize("marks", AROUND)
def test_what_stands_around_the_whole_is_left_out(marks: str) -> None:
    """Marks of a template at the end of a text, and a tag around all of it, are no part of it."""
    assert _read(marks.replace("{}", SAID + ".")).text == SAID + "."


@pytest.mark.parametrize(
    "text", ["It was <s>dear</s>", "<answer><id>1</id></answer>", "<p>Tea</p> shop", "<h2>Tea</h2>\nA shop"]
)
def test_a_document_keeps_its_tags(text: str) -> None:
    """Tags that are the text's own stay."""
    assert _read(text).text == text


def test_a_large_document_is_read_at_once() -> None:
    """A megabyte of tags that might be marks takes about as long as ten times a tenth of it."""
    text, tenth = (f"<all>{'<reason>late</reason>' * count}</all>" for count in (50_000, 5_000))
    assert _read(text).text == text
    assert not dearer(partial(_read, text), partial(_read, tenth), 40)


def _read(text: str) -> Spoken:
    spoken = Spoken()
    spoken.feed(text)
    spoken.end()
    return spoken
