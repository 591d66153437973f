"""Probe of the audit log's chain."""

from datetime import datetime

from bot.audit.keys import Keys
from bot.audit.model import Standing
from bot.config.key_file import NoKey
from bot.kernel.probe import Finding


def probe(keys: Keys, standing: Standing | None, key: str, now: datetime, *, shared: bool) -> Finding:
    """Whether the chain can go on. standing: None where the database cannot be read. key: the newest link's.

    shared: whether several hosts may have the database, of which each looks for the key by itself.
    """
    try:
        known = keys.known()
    except NoKey as error:
        return Finding("problem", str(error))
    if key and key not in known:
        where = "AUDIT_KEY" if keys.are_set else str(keys.file)
        return Finding("problem", f"the chain was made with the key {key}, which {where} does not have; put it back")
    if not keys.are_set and keys.file.exists() and keys.file.stat().st_mode & 0o077:
        return Finding("problem", f"others may read the audit log's key: chmod 600 {keys.file}")
    if standing is None or standing.head is None:
        return Finding("off", "nothing is sealed yet")
    if standing.is_behind(now):
        return Finding("problem", f"{standing.waiting} entries wait to be sealed; does the job audit_seal run?")
    words = f"{standing.head.place} entries sealed, {standing.waiting} wait"
    if shared and not keys.are_set:
        return Finding(
            "off", f"{words}; with several hosts set AUDIT_KEY, since each looks for {keys.file.name} itself"
        )
    return Finding("fine", words)
