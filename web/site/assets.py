"""Stylesheet, script and icon: named by what is in them, so that a browser may keep each for ever."""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from aiohttp import web

FOLDER = Path(__file__).parent.parent / "static"
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is served."""

    kind: str
    plain: bytes
    packed: bytes


@cache
def _found() -> tuple[Mapping[str, str], Mapping[str, Asset]]:
    """The names under which files are served, by their own; and the files by those names."""
    names, assets = {}, {}
    for path in sorted(FOLDER.iterdir()):
        if path.suffix in KINDS:
            body = path.read_bytes()
            name = f"{path.stem}.{hashlib.sha256(body).hexdigest()[:12]}{path.suffix}"
            names[path.name] = name
            assets[name] = Asset(KINDS[path.suffix], body, gzip.compress(body, mtime=0))
    return names, assets


def address(name: str) -> str:
    """The path of a file, by its own name."""
    return f"/static/{_found()[0][name]}"


async def serve(request: web.Request) -> web.Response:
    """GET /static/…: 404 for what is not there, also for one of another version."""
    asset = _found()[1].get(request.match_info["name"])
    if asset is None:
        raise web.HTTPNotFound
    headers = {"Cache-Control": FOR_EVER, "Vary": "Accept-Encoding"}
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        return web.Response(body=asset.plain, content_type=asset.kind, charset="utf-8", headers=headers)
    headers["Content-Encoding"] = "gzip"
    return web.Response(body=asset.packed, content_type=asset.kind, charset="utf-8", headers=headers)
