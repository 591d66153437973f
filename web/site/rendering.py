"""Templates into HTML. Jinja comes with the first page that somebody opens: the program starts without it."""

import asyncio
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiohttp import web
from yarl import URL

from bot.kernel import translation
from bot.kernel.text import played
from bot.kernel.translation import gettext, ngettext, pgettext
from web.keys import SERVICES
from web.site import assets

if TYPE_CHECKING:
    from jinja2 import Environment

FOLDER = Path(__file__).parent.parent / "templates"


@cache
def _environment() -> "Environment":
    """With every template read, so that none is on the way of an answer."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals |= {"_": gettext, "ngettext": ngettext, "pgettext": pgettext, "number": translation.number}
    for name in made.list_templates(extensions=["html"]):
        made.get_template(name)
    return made


async def render(request: web.Request, name: str, status: int = 200, **values: Any) -> web.Response:
    """The template in the reader's language, as an answer that nobody keeps."""
    read = _environment.cache_info().currsize
    environment = _environment() if read else await asyncio.to_thread(_environment)
    base = base_of(request)
    who = translation.reader()
    values |= {
        "language": who.language,
        "direction": "rtl" if translation.right_to_left() else "ltr",
        "url": lambda path: f"{base}{path}",
        "asset": lambda file: f"{base}{assets.address(file)}",
        "here": request.path.removeprefix(base) or "/",
        "bot": request.app[SERVICES].bot_name,
        "played": played.notice(),
    }
    text = environment.get_template(name).render(values)
    return web.Response(status=status, text=text, content_type="text/html", charset="utf-8")


def base_of(request: web.Request) -> str:
    """The path below which a proxy serves everything, by PUBLIC_URL; "" for none."""
    return prefix(request.app[SERVICES].settings.public_url)


@cache
def prefix(public_url: str | None) -> str:
    """The path of an address, without a slash at its end."""
    if public_url is None:
        return ""
    return URL(public_url).path.rstrip("/")
