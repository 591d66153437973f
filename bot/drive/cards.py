"""What people read of what is kept in Google Drive."""

from bot.briefs.cards import change_this, write_to_team
from bot.briefs.model import Brief
from bot.kernel.card import Button, Card, Lines
from bot.kernel.translation import gettext as _


def open_button(link: str) -> Button:
    """Leads to a file."""
    return Button(_("Open in Google Drive"), url=link)


def with_link(brief: Brief, link: str) -> Card:
    """The buttons of delivered work once its file is kept; its text stays."""
    return Card("", ((write_to_team(brief), change_this(brief)), (open_button(link),)))


def folder_anew(called: str) -> Card:
    """For admins: a folder was gone."""
    lines = Lines(_("Google Drive · Folder {name} made again", name=called))
    lines.add(_("The one before was deleted or is in the trash."))
    return Card(str(lines.add(_("New files go into the new folder. To have the old files back, restore the old one."))))
