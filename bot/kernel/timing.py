"""How long is waited where nothing says that it is time: one place for it, so that tests need not live through it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timing:
    """All in seconds, and as they are in production; `storage.engine.database.Database` hands them on.

    first_retry, longest_retry: the pause after a first failure, and what it doubles up to.
    room: within these bounds it is looked again whether calls under way gave back what they did not need, which takes
    them about as long.
    left_alone: how long a provider that does not answer is not asked at first.
    preview_after: what is written faster than that needs no preview. preview_gap: between two of them.
    preview_kept: Telegram takes a preview away after 30 s: https://core.telegram.org/bots/api#sendmessagedraft
    beat: between two signs of life; `docs/operations.md` has systemd and health checks wait for six.
    undo: how long what somebody cancelled or discarded can be undone.
    canary: how long a test brief may take. canary_look: between two looks at it.
    minute: of the fuse before an approved deed is done, by which its card counts down.
    lag: between two looks at how late the event loop is.
    turn: until a job looks again whether it may make or try a backup, where another one does just now.
    """

    first_retry: float = 2.0
    longest_retry: float = 600.0
    room: tuple[float, float] = (1.0, 2.0)
    left_alone: float = 30.0
    preview_after: float = 1.0
    preview_gap: float = 1.0
    preview_kept: float = 20.0
    beat: float = 10.0
    undo: float = 10.0
    canary: float = 120.0
    canary_look: float = 0.25
    minute: float = 60.0
    lag: float = 0.05
    turn: float = 5.0


IN_PRODUCTION = Timing()
