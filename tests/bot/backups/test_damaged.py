"""Backups that must not be put back: each is refused with words, and nothing is left of it in the scratch folder."""

import io
import shutil
import tarfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import orjson
import psutil
import pysqlite3.dbapi2 as sqlite3
import pytest
import zstandard

from bot.adapters.backups import folder as folder_with
from bot.adapters.backups import packing
from bot.adapters.backups.vault import ChildVault
from bot.backups.model import Part, Step
from bot.backups.ports import BackupRefused, Key
from storage.migrations.migrate import newest
from tests.bot.backups.making import blank, changed, made, opened, ordered, packed
from tests.watching import peak_of


@pytest.fixture(scope="module")
def key() -> Key:
    return packing.new_key()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "backups"


def flipped(at: float) -> Callable[[Path], None]:
    """One bit is another; at: where, as a part of the whole."""

    def damage(file: Path) -> None:
        content = bytearray(file.read_bytes())
        content[min(int(len(content) * at), len(content) - 1)] ^= 0x10
        file.write_bytes(content)

    return damage


def cut(keeps: float, less: int = 0) -> Callable[[Path], None]:
    """Its end is missing."""

    def damage(file: Path) -> None:
        content = file.read_bytes()
        file.write_bytes(content[: int(len(content) * keeps) - less])

    return damage


def a_letter(file: Path) -> None:
    file.write_text("Dear reader, this is no backup. " * 100)


FILES = {
    "a bit of the head": flipped(0.0),
    "a bit of the keys": flipped(0.0005),
    "a bit of the middle": flipped(0.5),
    "a bit of the end": flipped(1.0),
    "half of it": cut(0.5),
    "all but a byte": cut(1.0, less=1),
    "nothing of it": cut(0.0),
    "a letter": a_letter,
}


@pytest.mark.parametrize("beside", [True, False], ids=["with its manifest", "alone"])
@pytest.mark.parametrize("sealed", [True, False], ids=["encrypted", "open"])
@pytest.mark.parametrize("damage", FILES.values(), ids=FILES)
def test_damaged_file(
    sqlite_url: str, folder: Path, key: Key, damage: Callable[[Path], None], sealed: bool, beside: bool
) -> None:
    """A file that changed or was cut is refused, also where only the file itself was brought along."""
    manifest = made(folder, sqlite_url, key.public if sealed else "")
    file = folder / manifest.file
    damage(file)
    if not beside:
        (folder / f"{manifest.name}.json").unlink()
    with pytest.raises(BackupRefused) as refused:
        opened(folder, sqlite_url, file, folder / "into", key.secret)
    assert str(refused.value).endswith((".", "lists them."))
    assert file.name in str(refused.value)
    assert str(folder) not in str(refused.value)  # where it lies may be a folder that is gone by then


@pytest.mark.parametrize(
    ("secret", "words"),
    [
        ("another", "does not open with this key"),
        ("AGE-SECRET-KEY-1NONSENSE", "no secret key of age"),
        ("", "Name the file of your secret key with --key"),
    ],
)
def test_wrong_key(sqlite_url: str, folder: Path, key: Key, secret: str, words: str) -> None:
    """Another key, no key, and what is none are three different sentences."""
    manifest = made(folder, sqlite_url, key.public)
    (folder / f"{manifest.name}.key").unlink()
    given = packing.new_key().secret if secret == "another" else secret
    with pytest.raises(BackupRefused, match=f"{words}.*Nothing was put back"):
        opened(folder, sqlite_url, folder / manifest.file, folder / "into", given)


def test_an_archive_of_another_program(sqlite_url: str, tmp_path: Path, folder: Path) -> None:
    """A well-formed archive that holds something else is no backup."""
    strange, letter = tmp_path / "strange.tar.zst", tmp_path / "letter"
    letter.write_text("Dear reader")
    with (
        strange.open("wb") as out,
        zstandard.ZstdCompressor().stream_writer(out, closefd=False) as pressed,
        tarfile.open(fileobj=pressed, mode="w|") as tar,
    ):
        tar.add(letter, "letter")
    with pytest.raises(BackupRefused, match="holds no manifest"):
        opened(folder, sqlite_url, strange, folder / "into")


@pytest.mark.parametrize("beside", [True, False], ids=["with its manifest", "alone"])
def test_its_size(sqlite_url: str, folder: Path, beside: bool) -> None:
    """What was opened says how large its file is, also where no manifest lies beside it."""
    manifest = made(folder, sqlite_url)
    if not beside:
        (folder / f"{manifest.name}.json").unlink()
    found = opened(folder, sqlite_url, folder / manifest.file, folder / "into")
    assert found.size == (folder / manifest.file).stat().st_size > 0


@pytest.mark.parametrize(
    ("free", "there", "words"),
    [
        (3_400_000, False, "has 3 MB free, and this takes up to {wanted} MB for a while. Make room on that disk; the"),
        (3_400_000, True, r"has 3 MB free.* Make room on that disk \(BACKUP_FOLDER names another one"),
    ],
)
def test_a_full_disk(
    sqlite_url: str, folder: Path, monkeypatch: pytest.MonkeyPatch, free: int, there: bool, words: str
) -> None:
    """It is told in megabytes where it is about them, with what helps: another folder does only where backups are."""
    manifest = made(folder, sqlite_url)
    wanted = -(-(manifest.size + manifest.parts["database"].size * 2) // 1_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    into = folder / "into" if there else folder.parent / "into"
    with pytest.raises(BackupRefused, match=words.format(wanted=wanted)):
        opened(folder, sqlite_url, folder / manifest.file, into)


def test_manifests_of_two(sqlite_url: str, folder: Path) -> None:
    """The manifest of another backup beside it is noticed."""
    one, other = made(folder, sqlite_url), made(folder, sqlite_url, host="elsewhere")
    said = folder_with.beside(folder / other.file)
    assert said is not None
    folder_with.write_beside(replace(said, name=one.name, packed=one.packed), folder)
    with pytest.raises(BackupRefused, match="are of two backups"):
        opened(folder, sqlite_url, folder / one.file, folder / "into")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"schema": "9999"}, "made by a newer EchoPilot"),
        ({"format": 2}, "made by a newer EchoPilot"),
        ({"engine": "postgresql"}, "DATABASE_URL names sqlite"),
    ],
)
def test_not_for_this_program(sqlite_url: str, folder: Path, changes: dict[str, str], words: str) -> None:
    """What this program or this kind of database cannot take is refused before it is restored."""
    manifest = made(folder, sqlite_url)
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    lies = packed(folder, file, replace(manifest, **changes))  # type: ignore[arg-type]
    with pytest.raises(BackupRefused, match=words):
        opened(folder, sqlite_url, folder / lies.file, folder / "into")


LIES: dict[str, tuple[tuple[str, ...], dict[str, str], Step, str]] = {
    "an older schema than it says": (
        ("UPDATE alembic_version SET version_num = '0030'",), {}, Step.ROWS, "its manifest says",
    ),
    "a schema that never was": (
        ("UPDATE alembic_version SET version_num = '0000'",), {"schema": "0000"}, Step.SCHEMA, "another program",
    ),
    "a row too many": (
        ("INSERT INTO bindings (tenant, system, name, external_id, updated_at) VALUES ('main', 'x', 'y', 'z', 1)",), {},
        Step.ROWS, "bindings has 1 in place of 0",
    ),
    "a ledger that does not add up": (
        ("DROP TRIGGER IF EXISTS postings_balance", "PRAGMA foreign_keys = OFF"), {"ledger": "1"}, Step.LEDGER, "USD 5",
    ),
    "a row that points nowhere": (
        ("PRAGMA foreign_keys = OFF", "DROP TRIGGER audit_waits",  # which writes a row more
         "INSERT INTO audit (tenant, person_id, action, subject, outcome, at) VALUES ('main', 77, 'x', 'y', 'z', 1)"),
        {"rows": "audit"}, Step.INTEGRITY, "1 rows point to rows that are not there",
    ),
}  # fmt: skip


@pytest.mark.parametrize("lie", LIES)
def test_not_what_it_says(sqlite_url: str, tmp_path: Path, folder: Path, lie: str) -> None:
    """A backup whose file is whole, and whose database is not what its manifest says, is found out by restoring it."""
    statements, changes, step, words = LIES[lie]
    manifest = made(folder, sqlite_url)
    file = tmp_path / "changed.db"
    shutil.copy(sqlite_url.removeprefix("sqlite:///"), file)
    changed(file, *statements)
    rows = dict(manifest.rows)
    if "ledger" in changes:
        unbalanced(file)
        rows |= {"posting_lines": 1, "postings": 1}
    if "rows" in changes:
        rows[changes["rows"]] += 1
    lies = packed(folder, file, replace(manifest, rows=rows, schema=changes.get("schema", manifest.schema)))
    steps = ordered("trial", folder, sqlite_url, name=lies.name, place="folder", secret="")
    failed = [(Step(name), said) for name, passed, said in steps if not passed]
    assert [name for name, _ in failed] == [step]
    assert words in failed[0][1]


def unbalanced(file: Path) -> None:
    """An entry whose lines do not add up, past every trigger."""
    connection = sqlite3.connect(file)
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f'DROP TRIGGER "{name}"')
    connection.execute(
        "INSERT INTO postings (id, tenant, key, kind, reference, posted_at, lines)"
        " VALUES (1, 'main', 'k', 'x', 'y', 1, '[]')"
    )
    connection.execute(
        "INSERT INTO posting_lines (tenant, posting_id, account, amount_minor, currency, position)"
        " VALUES ('main', 1, 'bank', 5, 'USD', 1)"
    )
    connection.commit()
    connection.close()


def test_sound(sqlite_url: str, folder: Path, key: Key) -> None:
    """A backup with nothing wrong passes every step, by the one-off key beside it and by the owner's."""
    manifest = made(folder, sqlite_url, key.public)
    assert manifest.schema == newest()
    for secret in ("", key.secret):
        steps = ordered("trial", folder, sqlite_url, name=manifest.name, place="folder", secret=secret)
        assert [step for step, _, _ in steps] == list(Step)
        assert [said for _, passed, said in steps if not passed] == []
    assert not list(folder.glob("*scratch*"))


def planted(folder: Path, *entries: tuple[tarfile.TarInfo, bytes], pressed_with: int = 3) -> Path:
    """A file that somebody made who knows our format: a manifest of ours, and after it these entries."""
    said = blank(parts={"database": Part(10, "0" * 64)})
    file = folder / said.file
    folder.mkdir(exist_ok=True)
    words = orjson.dumps(said.to_json())
    head = tarfile.TarInfo(packing.MANIFEST)
    head.size = len(words)
    with (
        file.open("wb") as out,
        zstandard.ZstdCompressor(level=pressed_with).stream_writer(out, closefd=False) as pressed,
        tarfile.open(fileobj=pressed, mode="w|") as tar,
    ):
        for entry, content in ((head, words), *entries):
            tar.addfile(entry, io.BytesIO(content))
    return file


def entry(name: str, size: int = 10, kind: bytes = tarfile.REGTYPE, to: str = "") -> tuple[tarfile.TarInfo, bytes]:
    made = tarfile.TarInfo(name)
    made.size, made.type, made.linkname = size, kind, to
    return made, b"x" * size


@pytest.mark.parametrize(
    "entries",
    [
        [entry("../outside")],
        [entry("/tmp/outside")],
        [entry("database", 0, tarfile.SYMTYPE, "/etc/passwd")],
        [entry("database", 0, tarfile.LNKTYPE, "../../outside")],
        [entry("database", 0, tarfile.DIRTYPE)],
        [entry("database", 0, tarfile.CHRTYPE)],
        [entry("database", 11)],
        [entry("database"), entry("database")],
        [entry("another")],
        [],
    ],
    ids=["above", "whole path", "link", "hard link", "folder", "device", "longer", "twice", "unknown", "nothing"],
)
def test_planted(sqlite_url: str, folder: Path, entries: list[tuple[tarfile.TarInfo, bytes]]) -> None:
    """A well-formed file that would write elsewhere, or is not what it says, is refused, and nothing is written."""
    file = planted(folder, *entries)
    before = set(folder.parent.iterdir())
    with pytest.raises(BackupRefused, match="is damaged"):
        opened(folder, sqlite_url, file, folder / "into")
    assert set(folder.parent.iterdir()) == before
    assert not (folder / "outside").exists()


def bomb(folder: Path) -> Path:
    """Two gigabytes of nothing."""
    folder.mkdir()
    file = folder / blank().file
    with file.open("wb") as out, zstandard.ZstdCompressor().stream_writer(out, closefd=False) as pressed:
        for _ in range(128):
            pressed.write(bytes(1 << 24))
    assert file.stat().st_size < 300_000
    return file


async def test_a_bomb(sqlite_url: str, folder: Path) -> None:
    """A file of some kilobytes that holds gigabytes is refused, and takes no more memory than a backup does."""
    file = bomb(folder)
    vault = ChildVault(folder, sqlite_url, "", None)
    with (
        peak_of(psutil.Process(), itself=False) as watched,
        pytest.raises(BackupRefused, match=r"is damaged|no manifest"),
    ):
        await vault.unpack(str(file), folder / "into")
    assert watched.peak < 250_000_000


def test_no_name_of_a_backup(sqlite_url: str, folder: Path) -> None:
    """What is no name of a backup, such as a path or a pattern, is refused with words."""
    made(folder, sqlite_url)
    for name in ("*", "../x", "/etc/passwd", ""):
        steps = ordered("trial", folder, sqlite_url, name=name, place="folder", secret="")
        assert [(step, passed) for step, passed, _ in steps] == [("fetched", False)]
        assert "`echopilot backups` lists them" in steps[0][2]


def test_the_disk_is_too_small(sqlite_url: str, folder: Path) -> None:
    """Where there is no room to open a backup that is said before anything is done, and not held against the backup."""
    manifest = made(folder, sqlite_url)
    huge = replace(manifest, parts={"database": Part(10**15, "0" * 64)})
    folder_with.write_beside(huge, folder)
    with pytest.raises(BackupRefused, match=r"GB free, and this takes up to 2000000\.1 GB"):
        ordered("trial", folder, sqlite_url, name=manifest.name, place="folder", secret="")
    with pytest.raises(BackupRefused, match="Make room"):
        opened(folder, sqlite_url, folder / manifest.file, folder / "into")


def test_what_a_kill_leaves(sqlite_url: str, folder: Path, key: Key) -> None:
    """What a killed backup leaves is no backup, and is gone with the next one: the copy of the database, what was not
    encrypted yet, and the key that nothing is left to open by.
    """
    sound = made(folder, sqlite_url, key.public)
    broken = blank()
    for name in (f"{broken.name}.rough", f"{broken.name}.sealing", f"{broken.name}.key", f"{broken.name}.json.new"):
        (folder / name).write_text("left")
    (folder / "echopilot-scratch-left").mkdir()
    (folder / "echopilot-scratch-left" / "database").write_text("everything")
    folder_with.write_beside(replace(broken, packed=Part(4, "0" * 64)), folder)
    assert [one.name for one in folder_with.manifests(folder)] == [sound.name]
    last = made(folder, sqlite_url, key.public)
    left = {file.name for file in folder.rglob("*")} - {"working.lock", f"{broken.name}.json"}
    assert left == {f"{one.name}{end}" for one in (sound, last) for end in (".tar.zst.age", ".json", ".key")}


def test_a_key_that_cannot_be_encrypted_to(sqlite_url: str, folder: Path) -> None:
    """Where it cannot be encrypted nothing is left in the open."""
    with pytest.raises(BackupRefused, match="cannot be encrypted to"):
        made(folder, sqlite_url, "age1nonsense")
    assert [file.name for file in folder.iterdir()] == ["working.lock"]
