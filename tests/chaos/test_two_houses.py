"""Two installations in one Stripe account."""

from pathlib import Path

from tests.chaos.two_houses import Shared, invoices_apart


async def test_neither_touches_the_other(tmp_path: Path) -> None:
    """With ten briefs each under the same numbers, none of one's invoices is settled, adopted or held by the other."""
    urls = (f"sqlite:///{tmp_path}/one.db", f"sqlite:///{tmp_path}/two.db")
    assert await invoices_apart(urls, 10) == Shared(invoices=20, paid=10, touched=0, held=0)
