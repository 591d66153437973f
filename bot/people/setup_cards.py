"""What a new admin reads of what is still to be set up."""

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum

from bot.access.model import Person
from bot.kernel.card import Button, Card, Lines
from bot.kernel.text import played
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.kernel.translation import number


class Step(StrEnum):
    """Something to be set up, in the order in which it is best done."""

    PRICES = "prices"
    CURRENCY = "currency"
    ZONE = "zone"
    OPERATOR = "operator"
    WEBHOOK = "webhook"
    NOTION = "notion"
    BACKUPS = "backups"


# Any of these, where they are set, says that it was thought of.
SETTINGS: Mapping[Step, Sequence[str]] = {
    Step.PRICES: (
        "price_research",
        "price_drafting",
        "price_data_transform",
        "price_transcription",
        "price_other",
        "price_transcription_minute",
    ),
    Step.CURRENCY: ("currency",),
    Step.ZONE: ("time_zone",),
    Step.NOTION: ("notion_token",),
    Step.BACKUPS: ("backup_second_place",),
}
DONE = {
    Step.PRICES: N_("✅ Prices are set"),
    Step.CURRENCY: N_("✅ The currency is set"),
    Step.ZONE: N_("✅ The time zone is set"),
    Step.OPERATOR: N_("✅ Somebody decides on drafts"),
    Step.WEBHOOK: N_("✅ Stripe's webhooks arrive"),
    Step.NOTION: N_("✅ The mirror in Notion is on"),
    Step.BACKUPS: N_("✅ Backups are encrypted and go to a second place"),
}
OPEN = {
    Step.PRICES: N_("⬜ Prices: PRICE_DRAFTING and the others in .env"),
    Step.CURRENCY: N_("⬜ Currency: CURRENCY in .env"),
    Step.ZONE: N_("⬜ Time zone of the studio: TIME_ZONE in .env"),
    Step.OPERATOR: N_("⬜ Somebody who decides on drafts: /invite operator"),
    Step.WEBHOOK: N_("⬜ Stripe's webhooks: PUBLIC_URL and STRIPE_WEBHOOK_SECRET in .env"),
    Step.NOTION: N_("⬜ A mirror in Notion: NOTION_TOKEN and NOTION_PARENT_PAGE_ID in .env"),
    Step.BACKUPS: N_("⬜ A second place for backups: BACKUP_PUBLIC_KEY and BACKUP_SECOND_PLACE in .env"),
}


def slot_of(admin: Person) -> str:
    """The slot of the one message that shows the steps to an admin."""
    return f"setup:{admin.telegram_id}"


def welcome(admin: Person, done: Collection[Step]) -> Card:
    """An admin's first words."""
    said = {"done": number(len(done)), "steps": number(len(Step))}
    here = _("You are here as {role}. This is set up, and this is not yet:", role=admin.role.one)
    before = filter(None, (played.notice(), here))
    return _listed(_("Welcome, {name} · {done} of {steps} set up", name=admin.name, **said), done, *before)


def steps(done: Collection[Step]) -> Card:
    """The steps as they stand by now."""
    if done == set(Step):
        lines = Lines(_("Setting up · All done")).add(_("/help lists everything you can do."))
        return Card(str(lines))
    said = {"done": number(len(done)), "steps": number(len(Step))}
    return _listed(_("Setting up · {done} of {steps} done", **said), done)


def _listed(headline: str, done: Collection[Step], *before: str) -> Card:
    """Every step in a line, each open one with the command or the setting that it takes."""
    lines = Lines(headline, list(before))
    for step in Step:
        lines.add(_(DONE[step]) if step in done else _(OPEN[step]))
    return Card(str(lines), ((Button(_("Hide"), "setuphide"),),))
