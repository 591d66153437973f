"""The chapter on the dashboard: the played admin signs in by the chat's link, and reads the overview."""

from html.parser import HTMLParser

from sandbox.demo.cast import Cast
from sandbox.demo.transcript import Transcript
from sandbox.start.studio import NotSignedIn, Studio
from sandbox.telegram.seen import NotSeen


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
        link = await self._cast.link()
        try:
            cookies = await self._studio.sign_in(link, "Story")
            self._told.line("Carol", "opens", "the link, and is signed in to the dashboard")
            tiles = Tiles(await self._studio.read("/overview", cookies)).found
        except NotSignedIn as refused:
            raise NotSeen(f"Carol: the dashboard stays closed. {refused}") from None
        for label, lines in tiles.items():
            self._told.line("Carol", "reads", " · ".join([label, *lines]))
        wanted = [str(delivered), self._words.delivered(delivered)]
        if tiles.get(self._words.words("briefs today")) != wanted:
            raise NotSeen(f"Carol: the overview was to say {' · '.join(wanted)} of today's briefs, and says {tiles}")
