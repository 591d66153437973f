"""When a client is reminded of an invoice. Pure."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from bot.invoices.model import Invoice, InvoiceState

DAY = timedelta(days=1)
FARTHEST, MOST = 90, 10


def days_in(text: str) -> tuple[int, ...]:
    """The days that are written with commas between them. Raises ValueError with words for a setting."""
    try:
        days = tuple(int(part) for part in text.split(",") if part.strip())
    except ValueError:
        raise ValueError("holds days, whole numbers with commas between them, such as -3, 1, 7, 14") from None
    if len(days) > MOST:
        raise ValueError(f"names {len(days)} days; {MOST} reminders are the most")
    if any(abs(day) > FARTHEST for day in days):
        raise ValueError(f"names a day more than {FARTHEST} days away from the due day")
    if list(days) != sorted(set(days)):
        raise ValueError("has to name each day once, in their order, such as -3, 1, 7, 14")
    return days


def is_reminded(invoice: Invoice) -> bool:
    """Whether it waits for money, so that its client may be reminded: not once it is paid, void or written off."""
    ends = invoice.voiding or invoice.write_off_asked_at is not None
    return invoice.state is InvoiceState.OPEN and not ends and invoice.due_at is not None


def next_step(invoice: Invoice, days: Sequence[int], sent: Collection[int], now: datetime) -> int | None:
    """For which day after the due day (negative: before it) to remind now; None where it is not time.

    Of several whose time has come the last one is meant, since one message is enough; none whose time was before the
    client had the invoice.
    """
    if not is_reminded(invoice) or invoice.due_at is None:
        return None
    since = invoice.opened_at or invoice.created_at
    come = [day for day in days if since < invoice.due_at + day * DAY <= now]
    latest = max(come, default=None)
    return None if latest is None or any(day >= latest for day in sent) else latest
