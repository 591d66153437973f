"""What the area says happened. It stands below `bot.core`, which its rows are kept by."""

from collections.abc import Mapping

EVENTS: Mapping[str, str] = {
    "step_up.confirmed": "An admin confirmed something dangerous by a code, or another admin did for them.",
    "step_up.failed": "A wrong code was written.",
    "step_up.asked": "An admin asked the others to confirm.",
    "step_up.seconded": "One of the admins who are needed said yes.",
    "step_up.refused": "Another admin did not confirm it.",
    "authenticator.set_up": "An admin set up an authenticator.",
    "authenticator.recovery_renewed": "An admin has new recovery codes.",
    "authenticator.taken_off": "An admin took their authenticator off.",
    "authenticator.reset": "Other admins, or whoever runs the server, took an authenticator off that was lost.",
}
