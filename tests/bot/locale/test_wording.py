"""How the sentences are worded, all of them: none says again what was once odd, none formats a figure by itself."""

import re

import pytest

from bot.locale import catalogs

ODD = (
    "Too little for a brief",
    "Drop it",
    "Drop the question",
    "Who I think you are",
    "What happens by itself",
    "against people",
    "models are told",
    "You change nothing by looking",
    "You run this",
    "to look for behind",
    "Nothing failed that waits",
    "let out as it was",
    "has it go on",
    "goes on by itself",
)


@pytest.fixture(scope="module")
def sentences() -> list[str]:
    said = [message.id for message in catalogs.template() if message.id]
    return [one for sentence in said for one in ((sentence,) if isinstance(sentence, str) else sentence)]


@pytest.mark.parametrize("words", ODD)
def test_plain_words(words: str, sentences: list[str]) -> None:
    """What people stumbled over is said in plain words everywhere."""
    assert [sentence for sentence in sentences if words in sentence] == []


def test_figures_have_one_format(sentences: list[str]) -> None:
    """A percentage comes with its sign from `percent` or `share`, a cost with its currency from `usd`."""
    assert [sentence for sentence in sentences if re.search(r"\} ?%|\{\w*percent\w*\}", sentence)] == []
    by_hand = [sentence for sentence in sentences if re.search(r"\} USD", sentence)]
    assert by_hand == ["under {least} USD"]
