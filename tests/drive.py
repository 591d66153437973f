"""EchoPilot that keeps files in a Google Drive of the sandbox."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from bot.adapters.google.access import GoogleAccess
from bot.adapters.google.drive import GoogleDrive
from sandbox.google.drive import DriveFile, DriveStandIn
from sandbox.server import Sandbox
from tests.house import House


@asynccontextmanager
async def served() -> AsyncIterator[DriveStandIn]:
    """Drive, with `url` where it is."""
    stand_in = DriveStandIn()
    async with Sandbox(stand_in) as sandbox:
        stand_in.url = f"{sandbox.url}/drive"
        yield stand_in


def changes(drive: DriveStandIn) -> dict[str, Any]:
    """The settings by which files go there."""
    return {
        "google_drive": True,
        "google_client_id": drive.client[0],
        "google_client_secret": drive.client[1],
        "google_refresh_token": drive.refresh_token,
        "google_token_url": f"{drive.url}/token",
        "google_consent_url": f"{drive.url}/auth",
        "drive_api_url": drive.url,
    }


def client(drive: DriveStandIn, piece: int = 256 * 1024) -> GoogleDrive:
    """What speaks with it, in small pieces."""
    secret = drive.client[1]
    access = GoogleAccess(drive.client[0], secret, "1//refresh-token", f"{drive.url}/token", "Google Drive")
    return GoogleDrive(access, drive.url, piece)


async def delivered(home: House) -> int:
    """Alice orders, and has the work; the brief's number."""
    await home.carol.says("/start")
    await home.carol.sees("Welcome")
    await home.staff()
    number = await home.brief()
    await home.alice.sees(f"Brief {number} · Delivered")
    return number


def link(kept: DriveFile) -> str:
    """Where the file is read."""
    return f"https://drive.google.com/file/d/{kept.id}/view"


def targets(home: House) -> list[str]:
    """Where the buttons of Alice's messages lead."""
    return [str(button.target) for seen in home.alice.messages() for row in seen.buttons for button in row]
