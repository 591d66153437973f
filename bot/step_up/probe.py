"""The probe of step-up: whether somebody can confirm what is dangerous."""

from bot.kernel.probe import Finding


def probe(admins: int, with_authenticator: int) -> Finding:
    """What `doctor` says. The only admin without an authenticator is asked nothing, so as not to be locked out."""
    if admins == 1 and not with_authenticator:
        words = "the only admin has no authenticator, so nothing dangerous is confirmed; /authenticator sets one up"
        return Finding("off", words)
    if not admins:
        return Finding("off", "there is no admin yet")
    said = f"{with_authenticator} of {admins} admins have an authenticator"
    return Finding("fine", f"{said}; the others ask another admin")
