"""Probe of backups."""

from bot.backups.ports import BackupRefused, Vault
from bot.kernel.probe import Finding

NO_KEY = "NOT ENCRYPTED: make a key by `echopilot backups --new-key` and set BACKUP_PUBLIC_KEY"
NO_SECOND = "NO SECOND PLACE: a lost machine loses every backup; set BACKUP_SECOND_PLACE"


async def probe(vault: Vault) -> Finding:
    """Whether backups can be made and sent: a few letters are written wherever they go, and taken away again."""
    try:
        await vault.try_out()
    except BackupRefused as error:
        return Finding("problem", f"a backup could not be made or sent: {error}")
    lacking = [words for words, there in ((NO_KEY, vault.encrypts), (NO_SECOND, vault.second)) if not there]
    if lacking:
        return Finding("off", "; ".join(lacking))
    return Finding("fine", f"encrypted, and copied to {vault.second}")
