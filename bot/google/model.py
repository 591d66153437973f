"""A consent of the owner's account: what it is for and how long it holds. Pure."""

from dataclasses import dataclass

DRIVE_SCOPE = "https://www.googleapis.com/auth/drive.file"
MAIL_SCOPE = "https://www.googleapis.com/auth/gmail.send"
SCOPES = {"drive": DRIVE_SCOPE, "mail": MAIL_SCOPE}
DAY_SECONDS = 86_400
TESTING_SECONDS = 7 * DAY_SECONDS


@dataclass(frozen=True, slots=True)
class Consent:
    """What came of it. seconds: how long it holds, None: until it is revoked, or six months after its last use."""

    refresh_token: str
    scopes: frozenset[str]
    seconds: int | None

    def __repr__(self) -> str:
        return f"Consent(scopes={sorted(self.scopes)}, seconds={self.seconds})"


def ending(seconds: int | None) -> str:
    """Words where the consent ends by itself; "" where it does not."""
    if seconds is None:
        return ""
    days = max(1, round(seconds / DAY_SECONDS))
    left = f"{days} day" if days == 1 else f"{days} days"
    if seconds <= TESTING_SECONDS:
        return (
            f"the consent screen is in “Testing”, so this consent ends in {left}. In the Google Cloud console: Google "
            "Auth Platform, Audience, Publish app; then give consent anew: python -m bot google-login"
        )
    return f"this consent ends in {left}; then give it anew: python -m bot google-login"
