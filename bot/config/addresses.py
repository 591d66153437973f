"""Addresses in settings: where APIs are, where we listen, where the database is."""

import ipaddress
import re
import sys
from urllib.parse import SplitResult, parse_qsl, urlsplit

import idna
from pydantic import ValidationInfo

LABEL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?")
# Whose API is where; the setting that leads there is the only one that may.
OFFICIAL = {
    "api.telegram.org": "telegram_api_url",
    "api.openai.com": "openai_base_url",
    "api.stripe.com": "stripe_api_url",
    "api.notion.com": "notion_api_url",
}
# Sites for people, each with the address that programs call.
SITES = {
    "telegram.org": "https://api.telegram.org",
    "telegram.me": "https://api.telegram.org",
    "t.me": "https://api.telegram.org",
    "stripe.com": "https://api.stripe.com",
    "notion.so": "https://api.notion.com",
    "notion.com": "https://api.notion.com",
    "notion.site": "https://api.notion.com",
    "openai.com": "https://api.openai.com/v1",
    "chatgpt.com": "https://api.openai.com/v1",
    "console.anthropic.com": "https://api.anthropic.com/v1",
    "console.groq.com": "https://api.groq.com/openai/v1",
    "console.mistral.ai": "https://api.mistral.ai/v1",
    "platform.deepseek.com": "https://api.deepseek.com",
    "aistudio.google.com": "https://generativelanguage.googleapis.com/v1beta/openai",
}
# What our libraries add themselves.
ADDED = {
    "telegram_api_url": ("/bot",),
    "openai_base_url": ("/chat/completions", "/completions", "/models", "/responses", "/audio/transcriptions"),
    "stripe_api_url": ("/v1",),
    "notion_api_url": ("/v1",),
    "public_url": ("/webhooks",),
}
# https://www.iana.org/assignments/special-use-domain-names, and what routers and clusters use besides.
OWN_NAMES = (".internal", ".local", ".lan", ".home.arpa", ".test", ".svc")
# What stands in examples: names that nobody can have (RFC 2606), and what asks to be written over.
NOBODYS = ("example.com", "example.org", "example.net", "example", "invalid")
TO_FILL = re.compile(
    r"[<>{}…]|\.\.\.|\$\w|\byour[-_]?(?:own[-_]?)?(?:url|domain|host|site|server[-_]?name|name|app|company|project|uuid"
    r"|workspace|resource|endpoint|api|address|instance|id|key|token|bot|unique|ping)|\bchange[-_]?me\b|\bplaceholder\b"
    r"|\bx{4,}\b|\b0{8}-0{4}",
    re.IGNORECASE,
)
IN_AN_EXAMPLE = "is what stands in an example; put your own in its place"
DATABASE = re.compile(r"(sqlite|postgresql)(?:\+[a-z0-9]+)?")
IN_A_PASSWORD = "is not an address; write /, # and @ in a password as %2F, %23 and %40"  # noqa: S105 - words


def address(value: str, info: ValidationInfo) -> str:
    """An API's address, or ours, without a slash at its end; raises ValueError with words."""
    parts = _parts(value)
    if parts.query or parts.fragment or "?" in value or "#" in value:
        raise ValueError("has a ? or a # in it; write the address without what begins there")
    _of_this_setting(parts, str(info.field_name))
    return value.rstrip("/")


def ping_address(value: str) -> str:
    """An address that is called as it stands; raises ValueError with words."""
    _parts(value)
    return value


def host(value: str) -> str:
    """A host's name or address, "" where none is set; raises ValueError with words."""
    if "://" in value or "/" in value:
        raise ValueError("is an address; write the host alone, without https:// and what follows it")
    if "@" in value:
        raise ValueError("has an @ in it; write the host alone")
    if value.startswith("["):
        raise ValueError("has brackets in it; write an IPv6 address without them")
    _own(value, value)
    if value and not _is_host(value):
        port = " A port has a setting of its own." if re.search(r":\d+$", value) else ""
        raise ValueError(f"is no name and no address of a host.{port}".removesuffix("."))
    return value


def networks(value: tuple[str, ...]) -> tuple[str, ...]:
    """Addresses, or networks of them by CIDR; raises ValueError with words."""
    for one in value:
        try:
            network = ipaddress.ip_network(one)
        except ValueError:
            raise ValueError(f"has “{one}” in it, which is no address and no network such as 10.0.0.0/8") from None
        if not network.prefixlen:
            raise ValueError(f"has “{one}” in it, which is everybody; name the proxy alone")
    return value


def database_address(value: str) -> str:
    """Where the database is; raises ValueError with words that show no part of a password."""
    scheme, mark, rest = value.partition("://")
    if not mark or not (kind := DATABASE.fullmatch(scheme)):
        hint = "; write postgresql:// in place of postgres://" if scheme == "postgres" else ""
        raise ValueError(f"has to begin with sqlite:/// or postgresql://{hint}")
    if kind[1] != "sqlite" and sys.platform == "win32":
        raise ValueError("is PostgreSQL's, which EchoPilot uses on Linux and macOS; write sqlite:///path on Windows")
    _check_file(rest) if kind[1] == "sqlite" else _check_server(value)
    return value


def pooler_address(value: str) -> str:
    """Where a pooler of database connections is; raises ValueError with words that show no part of a password."""
    if not value.startswith("postgresql"):
        raise ValueError("has to begin with postgresql://, since SQLite has no pooler")
    return database_address(value)


def is_private(name: str) -> bool:
    """Whether the host is a name or an address of our own network."""
    try:
        return not ipaddress.ip_address(name).is_global
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")


def is_ours(name: str) -> bool:
    """Whether the host is in our own network by its address, or by a name that only such a network has."""
    return is_private(name) or "." not in name.removesuffix(".") or name.removesuffix(".").endswith(OWN_NAMES)


def _parts(value: str) -> SplitResult:
    if re.search(r"\s", value):
        raise ValueError("has a space in it; an address has none")
    if TO_FILL.search(value):
        raise ValueError(IN_AN_EXAMPLE)
    try:
        parts = urlsplit(value)
        name, _ = parts.hostname, parts.port
    except ValueError:
        raise ValueError("is not an address; its host or its port cannot be read") from None
    if parts.scheme not in {"http", "https"} or not name:
        raise ValueError("is not an address; it has to begin with https:// (or http:// in a network of your own)")
    if parts.username is not None or parts.password is not None:
        raise ValueError("has a user name or a password in it; leave that out")
    if parts.port == 0 or not _is_host(name):
        raise ValueError("is not an address; its host or its port cannot be read")
    _own(value, name)
    return parts


def _own(value: str, host_name: str) -> None:
    """Raise ValueError for what was copied from an example."""
    name = host_name.lower().removesuffix(".")
    if TO_FILL.search(value) or any(f".{name}".endswith(f".{nobodys}") for nobodys in NOBODYS):
        raise ValueError(IN_AN_EXAMPLE)


def _of_this_setting(parts: SplitResult, setting: str) -> None:
    name, path = str(parts.hostname).lower(), parts.path.rstrip("/")
    official = OFFICIAL.get(name)
    site = next((site for site in SITES if f".{name}".endswith(f".{site}")), None)
    if site is not None and official is None and not re.search(r"(?:^|\.)api\.", name):
        api = "" if setting == "public_url" else f"; programs call {SITES[site]}"
        raise ValueError(f"leads to {name}, which is a site for people{api}")
    if official is not None and official != setting:
        raise ValueError(f"leads to {name}, which belongs in {official.upper()}")
    if official is not None and parts.scheme != "https":
        raise ValueError(f"has to begin with https://, since {name} takes nothing else")
    if parts.scheme != "https" and setting in OFFICIAL.values() and not is_ours(name):
        raise ValueError(f"has to begin with https://, or its key goes to {name} in the open")
    for added in ADDED.get(setting, ()):
        if path.endswith(added) or (added == "/bot" and "/bot" in path) or (added == "/webhooks" and added in path):
            raise ValueError(f"ends with {added}…, which EchoPilot adds itself; leave that out")
    if official is not None and (parts.port or 443) != 443:
        raise ValueError(f"has a port at which {name} does not listen; leave that out")
    if official is not None and official != "openai_base_url" and path:
        raise ValueError(f"has a path behind {name}; leave that out")
    if official == "openai_base_url" and path != "/v1":
        raise ValueError("has to be https://api.openai.com/v1, or lead to another provider")


def _is_host(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        pass
    else:
        return True
    try:
        known = name if name.isascii() else idna.encode(name, uts46=True).decode()
    except idna.IDNAError:
        return False
    labels = known.removesuffix(".").split(".")
    return len(known) <= 253 and all(map(LABEL.fullmatch, labels)) and not labels[-1].isdecimal()


def _check_file(rest: str) -> None:
    if not rest.startswith("/"):
        raise ValueError("has two slashes; write sqlite:/// and the path (sqlite://// where it begins at the root)")
    path = rest.removeprefix("/")
    if not path or path == ":memory:" or path.startswith("file:"):
        raise ValueError("names no file; a database in memory would forget everything at each stop")
    if path.endswith("/") or path.rpartition("/")[2] in {".", ".."}:
        raise ValueError("names a folder; add the name of the file")
    if not path.isprintable():
        raise ValueError("has a character in it that nobody can see")
    if path.startswith("~") or "$" in path or "%" in path:
        raise ValueError("has a ~, a $ or a % in it, which nobody fills in here; write the path itself")
    if "?" in path or "#" in path:
        raise ValueError("has a ? or a # in it; a file takes no options")


def _check_server(value: str) -> None:
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:  # its own words would show a part of the password
        raise ValueError(IN_A_PASSWORD) from None
    name = parts.hostname or ""
    if parts.port == 0:
        raise ValueError("has a port that is none")
    if parts.fragment or "@" in parts.netloc.rpartition("@")[0] or "@" in parts.path or re.search(r"\s", value):
        raise ValueError(IN_A_PASSWORD)
    if {"password", "sslpassword"} & {key for key, _ in parse_qsl(parts.query)}:  # it would stand in logs and in `ps`
        raise ValueError("has a password behind the ?; write postgresql://user:password@host/name")
    if name and not _is_host(name):
        raise ValueError("has a host that is none")
    if not parts.path.strip("/") or "/" in parts.path.strip("/"):
        raise ValueError("names no database; write postgresql://user:password@host/name")
