"""The certificate of an erasure as a PDF: what its card says, and what went and stays as tables."""

from collections.abc import Mapping
from datetime import datetime

from bot.kernel.text.fitting import plain
from bot.kernel.text.words import moment
from bot.kernel.translation import gettext as _
from bot.kernel.translation import number, reader, right_to_left
from bot.pdf.model import Block, Paper, Table, Words
from bot.privacy import cards
from bot.privacy.model import Erasure


def certificate(erasure: Erasure, brand: str, now: datetime) -> Paper:
    """For whoever was erased: nothing in it names them but the number under which invoices go on."""
    title, *lines = cards.certificate(erasure, now).text.splitlines()
    blocks: list[Block] = [Words(plain(line)) for line in lines]
    for heading, found in ((_("Erased"), erasure.gone), (_("Stays"), erasure.stays)):
        if found:
            blocks.append(Table([heading, _("How many")], _rows(found)))
    note = _("Made {time}", time=moment(now))
    return Paper(plain(title), brand, blocks, note, reader().language, right_to_left())


def _rows(found: Mapping[str, int]) -> list[list[str]]:
    return [[_(cards.NAMES[kind]), number(found[kind])] for kind in cards.NAMES if found.get(kind)]
