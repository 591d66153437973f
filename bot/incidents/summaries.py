"""Open incidents are summed up by a model from their own events, or by plain rules where none does."""

from functools import partial

from bot.incidents import timeline
from bot.incidents.details import happened, show
from bot.incidents.model import Incident
from bot.incidents.timeline import Happened
from bot.incidents.writing import SUMMARY, Writer, Written
from storage.engine.database import Database, Transaction
from storage.incidents import incidents


class Summaries:
    """Writes the summaries of a tenant's open incidents, in the tenant's words."""

    def __init__(self, database: Database, writer: Writer) -> None:
        self._database = database
        self._writer = writer

    async def write(self, tenant: str) -> str:
        """Sum up what something happened in since it was last; returns a line for the job."""
        async with self._database.reading() as connection:
            found = [(one, await happened(connection, one)) for one in await incidents.all_open(connection, tenant)]
        new = [(one, events) for one, events in found if any(_is_news(event, one) for event in events)]
        for incident, events in new:
            said = timeline.lines(events)
            written = await self._writer.write(tenant, "incident_summary", SUMMARY, said)
            keep = partial(_keep, incident=incident, written=written, event=events[-1].id)
            await self._database.write(keep)
        return f"{len(new)} incidents summed up"


def _is_news(event: Happened, incident: Incident) -> bool:
    """Whether a summary that was written before lacks it; whom it was told to is no reason to ask a model."""
    return event.id > incident.summary_event and event.name != "paged"


async def _keep(tx: Transaction, incident: Incident, written: Written | None, event: int) -> None:
    """Without a model's summary its card shows the last events, in the words of who reads."""
    text, model = (written.text, written.model) if written is not None else (None, None)
    await incidents.note(tx, incident, summary=text, summary_model=model, summary_event=event)
    now = await incidents.find(tx.connection, incident.tenant, incident.id)
    if now is not None:
        await show(tx, now)
