"""What the area says happened."""

from collections.abc import Mapping

EVENTS: Mapping[str, str] = {
    "person.role_changed": "Somebody became something else.",
    "person.removed": "Somebody was let out.",
    "invite.made": "An invitation was made.",
    "invite.redeemed": "Somebody came in by an invitation.",
    "invite.revoked": "An invitation was taken back before it was used.",
    "target.set": "A client's briefs have a target of their own, or have it no more.",
    "room.bound": "A group became a team room.",
    "room.ended": "A team room became an ordinary group.",
    "room.left": "The bot was taken out of a team room.",
}
