"""What every answer says about itself, so that browsers keep to it. https://owasp.org/www-project-secure-headers/"""

from collections.abc import Awaitable, Callable

from aiohttp import web

POLICY = {
    "default-src": "'none'",
    "style-src": "'self'",
    "script-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "require-trusted-types-for": "'script'",
}
# Where Telegram's own web versions are; its apps show a page as it is, in no frame.
TELEGRAM = "https://web.telegram.org https://webk.telegram.org https://webz.telegram.org"
NOBODY_MAY = (
    "accelerometer",
    "autoplay",
    "camera",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "usb",
    "xr-spatial-tracking",
)
HEADERS = {
    "Server": "",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in NOBODY_MAY),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
YEAR = 31_536_000
TO_PROGRAMS = "/webhooks/"  # no browser reads what is answered there, and it comes by the thousand a second
Prepare = Callable[[web.Request, web.StreamResponse], Awaitable[None]]


def policy(frames: str = "'none'") -> str:
    """The content security policy: nothing of others, nothing inline. frames: who may show it in a frame of theirs."""
    return "; ".join(f"{what} {whose}" for what, whose in (POLICY | {"frame-ancestors": frames}).items())


CONTENT_POLICY = policy()
IN_TELEGRAM = policy(TELEGRAM)


def secured(public_url: str | None) -> Prepare:
    """What gives each answer its headers. Where the address is https, browsers are told to use nothing else for a year.

    What says nothing of how long it may be kept is kept by nobody.
    """
    always = dict(HEADERS)
    if public_url is not None and public_url.startswith("https:"):
        always["Strict-Transport-Security"] = f"max-age={YEAR}; includeSubDomains"

    async def prepare(request: web.Request, response: web.StreamResponse) -> None:
        if request.path.startswith(TO_PROGRAMS):
            response.headers["Server"] = ""
            return
        response.headers.update(always)
        response.headers.setdefault("Content-Security-Policy", CONTENT_POLICY)
        response.headers.setdefault("Cache-Control", "no-store")

    return prepare
