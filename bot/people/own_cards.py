"""What people read of their own account: who they are here, their time zone, the language of their chat, and the format
of their finished texts.
"""

from collections.abc import Sequence
from datetime import datetime
from zlib import crc32

from bot.access.model import Permission, Person, Role
from bot.kernel.card import Button, Card, Lines, escape, in_rows
from bot.kernel.text.file_format import FileFormat
from bot.kernel.text.words import clock, moment
from bot.kernel.translation import Reader, languages, locale_of, reading_as
from bot.kernel.translation import gettext as _
from bot.people import zones

Row = tuple[Button, ...]


def account(who: Person, now: datetime) -> Card:
    """Who the bot takes somebody for, and in which words and times it speaks with them."""
    lines = Lines(f"{who.name} · {who.role.words}")
    language = escape(who.preferred_language or who.language or who.reader.language)
    lines.add(_("Telegram id <code>{id}</code>, language {language}", id=who.telegram_id, language=language))
    if who.role is Role.STRANGER:
        return Card(str(lines.add(_("Nobody invited you yet."))))
    if not who.may(Permission.USE):
        return Card(str(lines))
    lines.add(_("Time zone {zone}: it is {time} for you.", zone=escape(who.reader.zone), time=clock(now)))
    change = [Button(_("Change time zone"), "tz")]
    if len(languages()) > 1:
        change.append(Button(_("Change language"), "language"))
    files = ((Button(_("Change file format"), "format"),),) if who.may(Permission.SUBMIT_BRIEFS) else ()
    return Card(str(lines), (tuple(change), *files, *_back_to_studio(who)))


def file_format(who: Person) -> Card:
    """How somebody's finished texts come as files, and how else they can."""
    now = FileFormat(who.file_format or FileFormat.MARKDOWN)
    lines = Lines(_("File format · {format}", format=now.words))
    lines.add(_("Finished texts come to you as such a file, beside what you read in the chat."))
    lines.add(_("A brief can have another one: More options on its quote, or the buttons under its file."))
    others = [Button(one.words, "formatset", choice=one.value) for one in FileFormat if one is not now]
    return Card(str(lines), (tuple(others),))


def time_zone(who: Person, now: datetime) -> Card:
    """Which zone counts for somebody, and how to have another."""
    lines = Lines(_("Your time zone · {zone}", zone=who.reader.zone)).add(_("It is {time} for you.", time=moment(now)))
    if not who.zone:
        lines.add(_("That is the studio's time zone; you have not chosen your own."))
    lines.add(_("Write a city near you, such as Lahore, or share your location from the paperclip menu."))
    return Card(str(lines), _back_to_studio(who))


def zone_set(who: Person, now: datetime) -> Card:
    """Say that the new time zone counts from now on."""
    lines = Lines(_("Your time zone · {zone}", zone=who.reader.zone))
    lines.add(_("It is {time} for you. Every time that I tell you is of this zone.", time=moment(now)))
    if who.zone:
        return Card(str(lines), _back_to_studio(who))
    return Card(str(lines.add(_("It is the studio's again. /timezone changes it."))))


def which_zone(words: str, found: Sequence[str], now: datetime) -> Card:
    """Several places are called that, each with the time that it is there."""
    rows = tuple((Button(_place(zone, now), "tzset", zones.number_of(zone)),) for zone in found)
    lines = Lines(_("Which {place} do you mean?", place=words.strip()[:40]))
    return Card(str(lines.add(_("Tap the one whose time is yours, or write a larger city near you."))), rows)


def language(who: Person) -> Card:
    """In which language somebody is spoken with, and the others that there are."""
    now = who.reader.language
    lines = Lines(_("Language · {language}", language=_own_name(now)))
    lines.add(_("I write to you in this language. The language of a brief is chosen with the brief."))
    others = [Button(_own_name(tag), "speak", number_of(tag)) for tag in languages() if tag != now]
    if not others:
        return Card(str(lines.add(_("It is the only one that I speak so far."))))
    app = ((Button(_("Use my app's language"), "speakapp"),),) if who.preferred_language else ()
    return Card(str(lines), (*in_rows(others), *app))


def number_of(tag: str) -> int:
    """A language as the number that buttons carry."""
    return crc32(tag.encode())


def spoken_by_number() -> dict[int, str]:
    """Every language that there is a catalogue of, by that number."""
    return {number_of(tag): tag for tag in languages()}


def _own_name(tag: str) -> str:
    """What its speakers call it: "Español"."""
    of = locale_of(tag)
    return str(of.get_display_name(of) or tag).capitalize()


def _place(zone: str, now: datetime) -> str:
    with reading_as(Reader(zone=zone)):
        local = clock(now)
    said = {"city": zones.city(zone), "time": local, "country": zones.country(zone)}
    if not said["country"]:
        return _("{city} · {time}", **said)
    return _("{city}, {country} · {time}", **said)


def _back_to_studio(who: Person) -> tuple[Row, ...]:
    return ((Button(_("Use the studio's time"), "tzown"),),) if who.zone else ()
