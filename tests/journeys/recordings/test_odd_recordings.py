"""A hundred recordings whose transcriber answers anything: each comes to an end, and every call is counted.

The pauses are simulated: with the real ones it takes hours, since odd replies are reason to leave the provider alone.
"""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from aiohttp import web
from sqlalchemy import func, select

from bot.briefs.material import SentFile
from bot.kernel.errors import EchoPilotError
from bot.kernel.tasks import RunAgain, Task
from bot.parts import Part
from bot.recordings.service import TRANSCRIBE
from jobs.worker.giving_up import Watcher
from sandbox.telegram.methods.files import file_content, keep
from sandbox.telegram.params import Upload
from storage.queue.tries import UNREADABLE_TRIES, Tries, after
from storage.tables.briefs import attachments
from storage.tables.core import failed_tasks
from storage.tables.models import model_calls
from tests.bot.models.test_openai_transcripts import odd_replies
from tests.clock import Hands
from tests.house import House, Providers, house
from tests.served import served

REPLIES = dict(list(enumerate(odd_replies()))[::5])


class Transcriber:
    """Answers each recording by what is planned for its name, and counts how often it was asked."""

    def __init__(self) -> None:
        self.heard: Counter[str] = Counter()

    async def serve(self, request: web.Request) -> web.StreamResponse:
        upload = (await request.post())["file"]
        assert isinstance(upload, web.FileField)
        self.heard[upload.filename] += 1
        body = REPLIES[int(upload.filename.removesuffix(".ogg"))]
        return web.Response(body=body.encode(), content_type="application/json")


async def _to_its_end(home: House, hands: Hands, recording_id: int) -> None:
    """Carry a recording as the engine does, but let the pauses pass at once."""
    services, task, tries = home.running.app.services, Task(TRANSCRIBE, recording_id), Tries()
    while True:
        try:
            return await services.recordings.transcribe(recording_id)
        except (EchoPilotError, RunAgain) as error:
            following = await after(error, task, tries, Watcher(services))
        if following.delay is None:
            return None
        tries = following.tries
        hands.ahead += timedelta(seconds=following.delay)


async def test_odd_recordings(stand_ins: Providers, sqlite_url: str, measured: Callable[[str], None]) -> None:
    """Each is written down or given up after at most three tries, and there are as many paid calls as were made."""
    transcriber = Transcriber()
    hands, parts = Hands(), frozenset({Part.CHAT})
    options: dict[str, Any] = {"ceiling_client_month_usd": 0, "ceiling_day_usd": 0, "ceiling_month_usd": 0}
    async with (
        served("audio/transcriptions", transcriber.serve) as url,
        house(stand_ins, sqlite_url, parts, hands, openai_base_url=url, **options) as home,
    ):
        await home.invite(home.alice, "client")
        services = home.running.app.services
        alice = await services.people.joining.identify(home.alice.id, "Alice", "en")
        upload = Upload("voice.ogg", "audio/ogg", bytes(4_000))
        sound = file_content("voice", keep(home.telegram.world, "voice", upload), 60)["voice"]["file_id"]
        for number in REPLIES:
            file = SentFile(sound, f"{number}.ogg", 4_000, "audio/ogg", "voice", 60)
            recording = await services.recordings.take(alice, f"test:{number}", file, "")
            await _to_its_end(home, hands, recording.id)
        async with services.database.reading() as connection:
            rows = await connection.execute(select(attachments.c.text))
            written = sum(text is not None for text in rows.scalars())
            stopped = (await connection.execute(select(func.count()).select_from(failed_tasks))).scalar_one()
            calls = list((await connection.execute(select(model_calls.c.cost_micro_usd))).scalars())
    assert written + stopped == len(REPLIES)
    heard = transcriber.heard
    assert len(heard) == len(REPLIES)
    assert max(heard.values()) == UNREADABLE_TRIES
    assert len(calls) == heard.total()
    assert min(calls) > 0
    measured(
        f"{len(REPLIES)} recordings with odd replies: {written} written down, {stopped} given up, 0 endless; "
        f"{heard.total()} calls made and counted, {sum(calls) / 1_000_000:.2f} USD"
    )
