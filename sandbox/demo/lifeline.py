"""A process that does not outlive the one that started it."""

import os
import signal
import threading


def end_with_the_parent() -> None:
    """Be killed as soon as our standard input ends: the parent holds its other end, and lets go when it ends itself."""

    def wait() -> None:
        while os.read(0, 1):
            pass
        os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))  # at SIGTERM, Windows ends it at once

    threading.Thread(target=wait, daemon=True).start()
