"""What people read of prices."""

from bot.kernel.card import Button, Card, Lines
from bot.kernel.task_type import TaskType
from bot.kernel.translation import gettext as _
from bot.prices.model import Prices


def prices(found: Prices) -> Card:
    """What a brief of each type costs, and that nothing is added to it."""
    lines = Lines(_("Prices"))
    for task_type, price in found.by_type.items():
        words = {"type": task_type.words, "price": price}
        if task_type is TaskType.TRANSCRIPTION:
            lines.add(
                _("{type}: {minute} a minute of a recording, else {price}", minute=found.transcription_minute, **words)
            )
        else:
            lines.add(_("{type}: {price}", **words))
    lines.add(_("One price a brief: long, urgent or in another language costs no more."))
    return Card(str(lines), ((Button(_("Read the terms"), "terms", choice="order"),),))


def not_told() -> Card:
    """To somebody whom nobody invited, where prices are for clients."""
    lines = Lines(_("Prices are for clients"))
    lines.add(_("Open the invitation link that you were sent, or ask the studio for one by /support."))
    return Card(str(lines))
