"""Errors carry the decision: what to say to the person, or whether and when to try a provider again."""

from bot.kernel.text.storable import storable


class EchoPilotError(Exception):
    """The root of every error that EchoPilot raises on purpose."""


class Refusal(EchoPilotError):
    """Something a person asked for cannot be done; `str(error)` is the kind answer that they read.

    It says what was wrong, what to do next, and what was kept. Plain text, never HTML.
    """


class Forbidden(Refusal):
    """The person may not do this; the text names the rule and who can lift it."""


class Stale(Refusal):
    """The thing changed since the button was made or the row was read; nothing was done."""


class Forged(Stale):
    """A button that we did not make for this chat: made up, carried elsewhere, or from before another token."""


class InvalidSettings(EchoPilotError):
    """The configuration cannot work; `problems` lists every problem at once, one sentence each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class ProviderError(EchoPilotError):
    """A provider did not do what was asked, and what that means for the caller.

    permanent: asking again cannot help.
    unknown: the provider may have done it; ask before doing it again, unless the call has an idempotency key.
    retry_after: seconds that the provider wants to be left alone, if it said so.
    paid: the try has perhaps cost money, and so may every further one; set by whoever pays (`bot.models.spending`).
    outage: the provider serves nobody just now, so that the try says nothing about what was asked; admins heard of it.
    account: permanent, and not this request's fault: nothing succeeds until a person sees to the account.
    """

    def __init__(
        self,
        provider: str,
        message: str,
        *,
        permanent: bool = False,
        unknown: bool = False,
        retry_after: float | None = None,
        account: bool = False,
    ) -> None:
        super().__init__(storable(f"{provider}: {message}"))
        self.provider = provider
        self.permanent = permanent or account
        self.unknown = unknown
        self.retry_after = retry_after
        self.account = account
        self.paid = False
        self.outage = False


class Unreadable(ProviderError):
    """An answer came, and was perhaps paid for, but it is not what was asked for: few tries more, each paid too."""

    def __init__(self, provider: str, message: str) -> None:
        super().__init__(provider, message, unknown=True)


class KeyUsed(ProviderError):
    """The idempotency key was first sent with other values: ask under another one, once it is known what came of it."""

    def __init__(self, provider: str, message: str) -> None:
        super().__init__(provider, message, permanent=True)


class CircuitOpen(ProviderError):
    """The provider was not even asked, since it has not answered of late; `retry_after` says when to come again."""

    def __init__(self, provider: str, seconds: float) -> None:
        super().__init__(provider, "does not answer and is left alone for a while", retry_after=seconds)
        self.seconds = seconds
