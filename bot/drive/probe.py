"""Probe of Google Drive."""

from bot.drive.ports import Drive
from bot.google.ports import ConsentEnded
from bot.kernel.probe import Finding, advice

GB = 1_000_000_000


async def probe(drive: Drive) -> Finding:
    """Whose Drive it is, and whether it has room; nothing is made to try it."""
    async with advice("GOOGLE_REFRESH_TOKEN", "Google Drive", refused=ConsentEnded):
        account = await drive.account()
    if account.limit is None:
        return Finding("fine", f"files are kept in the Drive of {account.mail}, which has no limit")
    if account.limit == 0:
        return Finding(
            "problem",
            f"the account {account.mail} has no storage of its own, as service accounts have none; give consent as a "
            "person: python -m bot google-login",
        )
    free = max(0, account.limit - account.used)
    words = f"the Drive of {account.mail} has {free / GB:.1f} GB of {account.limit / GB:.1f} GB free"
    if free < account.limit / 50:
        return Finding("problem", f"{words}; once it is full, files wait")
    return Finding("fine", f"files are kept there: {words}")
