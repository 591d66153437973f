"""What is said of Google, whichever of its services is asked."""

from bot.kernel.errors import ProviderError


class ConsentEnded(ProviderError):
    """Nothing goes there until a person sees to it; what waits goes out then."""
