"""What anybody is shown, over the wire: texts, labels, popups, menus, files, mails; and which words are English.

What people and models wrote is data: three words in a row that stand in the database beside each other, where rows of
their own words and of results that are written down are.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from babel import Locale
from babel.dates import get_day_names, get_month_names
from sqlalchemy import select

from bot.areas import TABLES
from bot.briefs.options import OFFERED
from bot.flags.model import Flag
from bot.kernel.text.fitting import plain
from bot.slo.model import BY_NAME as LEVELS
from jobs.catalog import BY_NAME
from sandbox.telegram.params import Upload
from storage.engine.database import Database
from storage.engine.schema import metadata
from storage.engine.types import Json, Words
from tests.pseudo_locale import escaped

RUN = 3
# What was shown, or is shown again as it came, and sentences that are kept until somebody reads them: not what somebody
# wrote.
OURS = ("outbox", "inbox", "tasks", "conversations", "payment_mismatches")
BRANDS = ("EchoPilot", "Stripe", "Notion", "Telegram")
PLACES = (
    "UTC",
    "GMT",
    "English",
    "Asia/Karachi",
    "Germany",
    *TABLES,
)  # CLDR names countries; the mirror's databases have names of their own
CALENDAR = tuple(
    name
    for names in (get_day_names, get_month_names)
    for width in ("abbreviated", "wide")
    for name in names(width, locale="en").values()
)
LANGUAGES = (*(Locale("en").languages[code] for code in OFFERED if code), "Español")  # CLDR's too
CODES = (*BY_NAME, *Flag, *LEVELS, "draft, judge, intake", "brief:1042")  # as they are typed behind a command
NAMED = re.compile(
    r"https?://\S+"  # also where somebody wrote one: a part of it would be left of others
    r"|\b[\w-]+\.(?:md|txt|csv|docx|xlsx|exe|example)\b"  # files
    r"|\b[0-9A-F]{8}-\d+\b|\b[A-Z]{3,4}\b|\bWebP\b"  # numbers of invoices, currencies, formats
    r"|\b[A-Z]+(?:_[A-Z]+)+\b|\{\w+\}"  # settings, and what a prompt is filled with
    r"|“(?:draft|open|paid|void|uncollectible)”"  # what Stripe itself calls the state of an invoice
    r"|\bgpt-[\w.-]+|\ben-XA\b|\bcus_\w+|\bin_\w+|\btest\b"  # models, the language, ids, the version that tests run
)
NO_TEXT = (
    *(".zip", ".csv", ".png", ".audit"),
    *(".pdf", ".docx"),
)  # programs read tables and exports; what pictures and papers say is looked at where they are drawn
QUOTED = re.compile(r"“[^”]*”")
CODE = re.compile(r"<code>.*?</code>", re.DOTALL)  # what is copied and typed by its very letters
LETTERS = re.compile(r"[^\W\d_]+")


@dataclass
class Shown:
    """Observes a stand-in of Telegram: `telegram.on_call.append(shown)`. found: what was shown, as (kind, text)."""

    found: list[tuple[str, str]] = field(default_factory=list)

    def __call__(self, method: str, params: Mapping[str, Any]) -> None:
        if method == "answerCallbackQuery":
            self._note("popup", str(params.get("text", "")))
        elif method == "setMyCommands":
            if (params.get("scope") or {}).get("type") == "chat":
                for command in params["commands"]:
                    self._note("menu", command["description"])
        else:
            media = params["media"] if isinstance(params.get("media"), Mapping) else {}
            text = str(params.get("text") or params.get("caption") or media.get("caption") or "")
            self._note("text", plain(CODE.sub("", text)))
            for row in (params.get("reply_markup") or {}).get("inline_keyboard", []):
                for button in row:
                    self._note("label", button["text"])
            for value in params.values():
                if isinstance(value, Upload) and not value.name.endswith(NO_TEXT):
                    self._note("file", value.data.decode(errors="replace"))

    def mailed(self, subject: str, text: str) -> None:
        """A mail was received."""
        self._note("mail", subject)
        self._note("mail", text)

    def _note(self, kind: str, text: str) -> None:
        if text:
            self.found.append((kind, text))

    def counts(self) -> str:
        """How many of each kind."""
        kinds = Counter(kind for kind, _ in self.found)
        return ", ".join(f"{number} {kind}s" for kind, number in sorted(kinds.items()))


async def written(database: Database) -> list[str]:
    """What stands in the rows that hold people's and models' words, and what is written down for later."""
    cells: list[str] = []
    async with database.reading() as connection:
        for table in (table for name, table in metadata.tables.items() if name not in OURS):
            kept = [column for column in table.columns if isinstance(column.type, Words | Json)]
            if kept:
                rows = (await connection.execute(select(*kept))).all()
                cells += (str(cell) for row in rows for cell in row if cell is not None)
    return cells


def not_translated(shown: Iterable[str], data: Iterable[str], words: Iterable[str]) -> dict[str, list[str]]:
    """By text, the words in it that are neither translated nor data. words: single ones that are data anywhere."""
    runs, known = {run for cell in data for run in _runs(cell)}, {*words, *BRANDS, *CALENDAR, *LANGUAGES}
    found: dict[str, list[str]] = {}
    for text in dict.fromkeys(shown):
        # What is quoted may have what is named among its words: “Delivery time: TBC”.
        quoted = QUOTED.sub(lambda found: _without(found[0], runs), text)
        left = escaped(_without(NAMED.sub(" ", quoted), runs), (*PLACES, *CODES))
        if left := [word for word in left if word not in known]:
            found[text] = left
    return found


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    words = LETTERS.findall(text.lower())
    return zip(*(words[start:] for start in range(RUN)), strict=False)


def _without(text: str, runs: set[tuple[str, ...]]) -> str:
    """The text without what stands in a run."""
    places = list(LETTERS.finditer(text))
    words = [place[0].lower() for place in places]
    kept = [True] * len(words)
    for start in range(len(words) - RUN + 1):
        if tuple(words[start : start + RUN]) in runs:
            kept[start : start + RUN] = [False] * RUN
    parts, end = [], 0
    for place, keep in zip(places, kept, strict=True):
        parts += [text[end : place.start()], place[0] if keep else " "]
        end = place.end()
    return "".join([*parts, text[end:]])
