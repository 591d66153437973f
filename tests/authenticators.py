"""Somebody's authenticator app, for the tests of step-up."""

import re
from dataclasses import dataclass

import pyotp

from bot.kernel.clock import Clock
from sandbox.telegram.people import Person
from sandbox.telegram.seen import Seen

STEP_SECONDS = 30


@dataclass
class App:
    """An app that holds a key. clock: the one that EchoPilot goes by."""

    secret: str
    clock: Clock

    def code(self, ahead: int = 0) -> str:
        """The code of now, or of so many steps later."""
        totp = pyotp.TOTP(self.secret)
        return totp.generate_otp(totp.timecode(self.clock.now()) + ahead)

    def wrong(self) -> str:
        """Six digits that are no code just now."""
        near = {self.code(ahead) for ahead in range(-3, 4)}
        return next(one for one in map("{:06}".format, range(10)) if one not in near)


def key_in(seen: Seen) -> str:
    """The key that the picture's message shows."""
    found = re.search(r"(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}", seen.text)
    assert found is not None, seen.text
    return found[0].replace(" ", "")


async def sets_up(person: Person, clock: Clock) -> tuple[App, list[str]]:
    """The person sets an authenticator up by the chat; returns the app, and the recovery codes."""
    mark = person.mark()
    await person.says("/authenticator")
    await person.taps("Set it up", await person.sees("Authenticator · Not set up", after=mark))
    app = App(key_in(await person.sees("Scan this", after=mark)), clock)
    await person.says(app.code())
    codes = (await person.sees("Your recovery codes", after=mark)).text.splitlines()
    await person.sees("Authenticator · Set up", after=mark)
    return app, [line for line in codes if re.fullmatch(r"(?:[a-z2-9]{4}-){3}[a-z2-9]{4}", line)]
