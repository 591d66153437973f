"""The client sees the draft while it is written, and nothing that goes wrong with that disturbs it."""

import json

import pytest

from bot.kernel.timing import Timing
from sandbox.faults import Fault
from sandbox.telegram.state import ChatEvent
from tests.eventually import eventually
from tests.house import ALICE, House, Providers, house

pytestmark = pytest.mark.wire


class Watched:
    """The previews that people saw."""

    def __init__(self, home: House) -> None:
        self.events: list[ChatEvent] = []
        home.telegram.on_change.append(self._hear)

    def _hear(self, event: ChatEvent) -> None:
        if event.kind == "draft":
            self.events.append(event)


async def test_a_draft_is_seen_while_it_is_written(stand_ins: Providers, database_url: str) -> None:
    """A slow draft is shown to its client alone as it grows, about once a second, and costs no further call; a model
    that wrote before is known to say no thoughts.
    """
    async with house(stand_ins, database_url, model_timeout_seconds=20) as home:
        await home.staff()
        first = await home.brief()
        await home.alice.sees(f"for brief {first}")
        home.openai.pause = 0.04
        watched = Watched(home)
        number = await home.brief()
        await home.alice.sees(f"for brief {number}", timeout=30)
        assert home.openai.calls["chat/completions", home.settings.draft_model] == 2
        texts = [event.detail["text"] for event in watched.events]
        assert 2 <= len(texts) <= 6
        assert all(text.startswith(f"Brief {number} · Being written, not checked yet\n\n") for text in texts)
        assert [len(text) for text in texts] == sorted({len(text) for text in texts})
        assert {(event.chat_id, event.audience) for event in watched.events} == {(ALICE, (ALICE,))}


async def test_a_first_draft_is_shown_as_a_whole(stand_ins: Providers, sqlite_url: str) -> None:
    """A model's first draft may all be a thought without a beginning: its client sees that it is written, not what."""
    async with house(stand_ins, sqlite_url, model_timeout_seconds=20) as home:
        await home.staff()
        home.openai.pause = 0.04
        watched = Watched(home)
        number = await home.brief()
        await home.alice.sees("To pay", timeout=30)
        assert {event.detail["text"] for event in watched.events} == {
            f"Brief {number} · Being written, not checked yet\n\nThe full text comes when it is finished."
        }


async def test_a_quick_draft_needs_no_preview(home: House) -> None:
    """What is written within a second comes as a whole."""
    await home.staff()
    await home.brief()
    await home.alice.sees("To pay")
    assert home.telegram.calls["sendMessageDraft"] == 0


@pytest.mark.parametrize(
    "fault",
    [
        Fault("sendMessageDraft", "status", times=None, status=400, body='{"ok":false,"error_code":400}'),
        Fault("sendMessageDraft", "status", times=None, status=502),
        Fault("sendMessageDraft", "lose_reply", times=None),
        Fault("sendMessageDraft", "delay", times=None, seconds=30),
    ],
    ids=["refused", "fault", "lost", "hangs"],
)
async def test_a_preview_that_fails(stand_ins: Providers, database_url: str, fault: Fault) -> None:
    """Whatever Telegram does with a preview, the draft is delivered at once, and the preview is not tried again."""
    async with house(stand_ins, database_url, model_timeout_seconds=20) as home:
        await home.staff()
        home.openai.pause = 0.04
        home.telegram.faults.add(fault)
        watched = Watched(home)
        await home.brief()
        await home.alice.sees("To pay", timeout=15)
        assert home.openai.calls["chat/completions", home.settings.draft_model] == 1
        assert len(watched.events) <= 1


async def test_no_previews_are_wanted(stand_ins: Providers, database_url: str) -> None:
    """Without PREVIEW no answer is streamed."""
    async with house(stand_ins, database_url, preview=False) as home:
        await home.staff()
        home.openai.pause = 5.0
        await home.brief()
        await home.alice.sees("To pay")


async def test_too_many_previews(stand_ins: Providers, database_url: str) -> None:
    """A 429 for a preview puts the next one off for as long as Telegram says, and gives no preview up."""
    flood = json.dumps({"ok": False, "error_code": 429, "description": "x", "parameters": {"retry_after": 1}})
    async with house(stand_ins, database_url, model_timeout_seconds=20) as home:
        await home.staff()
        home.openai.pause = 0.04
        home.telegram.faults.add(Fault("sendMessageDraft", "status", times=1, status=429, body=flood))
        watched = Watched(home)
        await home.brief()
        await home.alice.sees("To pay", timeout=30)
        assert watched.events


async def test_a_slow_model(stand_ins: Providers, database_url: str) -> None:
    """A preview that Telegram would take away is shown anew while the model is silent."""
    timing = Timing(preview_after=0.1, preview_gap=0.1, preview_kept=0.1)
    async with house(stand_ins, database_url, timing=timing, model_timeout_seconds=20) as home:
        await home.staff()
        home.openai.pause = 0.4
        watched = Watched(home)
        number = await home.brief()

        def texts() -> list[str]:
            return [event.detail["text"] for event in watched.events]

        await eventually(texts, lambda shown: len(set(shown)) < len(shown), within=30)
        home.openai.pause = 0.0
        await home.alice.sees("To pay", timeout=60)
        assert number
