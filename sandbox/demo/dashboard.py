"""The chapters on the dashboard: the played admin signs in by the chat's link, and reads what stands there."""

import re
from collections.abc import Callable, Mapping, Sequence
from html.parser import HTMLParser

from sandbox.demo.cast import Cast, tap
from sandbox.demo.transcript import Transcript
from sandbox.start.studio import NotSignedIn, Studio
from sandbox.telegram.seen import NotSeen
from sandbox.telegram.server import TelegramStandIn
from web.site.sections import SECTIONS

REPORTS = ("/report day", "/finance", "/costs", "/quality", "/clients", "/forecast", "/growth", "/churn", "/referrals")
FIGURES = {"/forecast", "/growth", "/churn", "/referrals"}
ROW = re.compile(r"<tr>")


class Tiles(HTMLParser):
    """The figures of a page: of each tile its words, line by line, by the first of them, which says what it is."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: dict[str, list[str]] = {}
        self._lines: list[str] | None = None
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "li" and "tile" in (dict(attrs).get("class") or "").split():
            self._lines = []

    def handle_data(self, data: str) -> None:
        if self._lines is not None and data.strip():
            self._lines.append(data.strip())

    def handle_endtag(self, tag: str) -> None:
        if tag == "li" and self._lines:
            self.found[self._lines[0]] = self._lines[1:]
            self._lines = None


class DashboardChapter:
    """Plays Carol in a browser."""

    def __init__(self, cast: Cast, studio: Studio, told: Transcript) -> None:
        self._cast, self._words = cast, cast.words
        self._studio, self._told = studio, told

    async def overview(self, delivered: int) -> None:
        """So many briefs of today stand on the overview as delivered. Raises NotSeen."""
        tiles = await self._tiles(await self.signed_in(), "/overview")
        wanted = [str(delivered), self._words.delivered(delivered)]
        if tiles.get(self._words.words("briefs today")) != wanted:
            raise NotSeen(f"Carol: the overview was to say {' · '.join(wanted)} of today's briefs, and says {tiles}")

    async def signed_in(self) -> Sequence[str]:
        """Carol's cookies, by a link of the chat. Raises NotSeen."""
        link = await self._cast.link()
        try:
            cookies = await self._studio.sign_in(link, "Story")
        except NotSignedIn as refused:
            raise NotSeen(f"Carol: the dashboard stays closed. {refused}") from None
        self._told.line("Carol", "opens", "the link, and is signed in to the dashboard")
        return cookies

    async def every_page(self) -> None:
        """Each part of the dashboard is shown, and says that it is played. Raises NotSeen."""
        cookies = await self.signed_in()
        await self._tiles(cookies, "/overview")
        for section in SECTIONS:
            page = await self._page(cookies, section.path)
            if self._words.words("played") not in page:
                raise NotSeen(f"Carol: {section.path} does not say that it is played")
            self._told.line("Carol", "opens", f"{section.path}, {len(ROW.findall(page))} rows")

    async def _tiles(self, cookies: Sequence[str], path: str) -> Mapping[str, Sequence[str]]:
        tiles = Tiles(await self._page(cookies, path)).found
        for label, lines in tiles.items():
            self._told.line("Carol", "reads", " · ".join([label, *lines]))
        return tiles

    async def _page(self, cookies: Sequence[str], path: str) -> str:
        try:
            return await self._studio.read(path, cookies)
        except NotSignedIn as refused:
            raise NotSeen(f"Carol: {refused}") from None


class PastChapter:
    """The story of a demo with a year behind it: the admin reads what became of that year."""

    def __init__(self, cast: Cast, telegram: TelegramStandIn, studio: Studio) -> None:
        self._cast, self._telegram, self._studio = cast, telegram, studio

    async def tell(self, say: Callable[[str], None]) -> None:
        """Open the dashboard's every part, and ask for the reports in the chat. Raises NotSeen."""
        words = self._cast.words
        told = Transcript(say, {person.id: person.account.first_name for person in self._cast.everybody})
        self._telegram.on_change.append(told.event)
        told.chapter("Everybody comes back to a studio with a year of business")
        await self._cast.come_back()
        told.chapter("Carol reads the reports in the chat")
        for command in REPORTS:
            mark = self._cast.carol.mark()
            await self._cast.carol.says(command)
            await self._cast.carol.sees(words.words("played") if command in FIGURES else ".", after=mark)
        told.chapter("Carol has the ledger of the year held against Stripe")
        mark = self._cast.carol.mark()
        await self._cast.carol.says("/reconcile")
        await tap(self._cast.carol, "reconcile", await self._cast.carol.sees(words.shown("reconciliation"), after=mark))
        compared = await self._cast.carol.sees(words.shown("compared", new=0), after=mark)
        if not words.shown("agrees").search(compared.text):
            raise NotSeen(f"Carol: the ledger does not agree with Stripe:\n{compared.text}")
        told.chapter("Carol signs in to the dashboard, and opens every part of it")
        await DashboardChapter(self._cast, self._studio, told).every_page()
        told.end("Every step was seen")
