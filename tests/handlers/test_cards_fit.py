"""What is asked by a command is read on a phone: short, its state first, and no button cut off."""

from collections.abc import AsyncIterator

import pytest

from bot.kernel.card import Card
from bot.kernel.text.fitting import plain
from tests.commands import READING
from tests.desk import Desk, desk
from tests.house import Providers

# By what fits into 360 px: a line of text has about 45 letters, and buttons share a row.
LINES, LETTERS = 40, 300
LABELS = {1: 40, 2: 24, 3: 14}
LISTS = {"help", "commands"}  # which are asked for to be read from end to end


@pytest.fixture
async def here(stand_ins: Providers, database_url: str) -> AsyncIterator[Desk]:
    async with desk(stand_ins, database_url) as made:
        yield made


@pytest.mark.parametrize("language", ["en", "es"])
async def test_cards_fit(here: Desk, language: str) -> None:
    """A card has few lines, none of them a wall, and labels that their rows have room for, also in Spanish, which takes
    the most room.
    """
    await here.says(here.carol, f"/language {language}")
    found = {}
    for command in READING:
        card = await here.says(here.carol, command.example or f"/{command.name}")
        if wrong := [*_text(command.name, card), *_labels(card)]:
            found[command.name] = wrong
    assert found == {}


def _text(name: str, card: Card) -> list[str]:
    lines = plain(card.text).splitlines()
    long = [line for line in lines if len(line) > LETTERS]
    return [*long, *([f"{len(lines)} lines"] if len(lines) > LINES and name not in LISTS else [])]


def _labels(card: Card) -> list[str]:
    return [button.label for row in card.rows for button in row if len(button.label) > LABELS[len(row)]]
