"""The tree stays such that a newcomer guesses where a thing is: few files a folder, and small ones."""

from bot.ops.version import ROOT

AREAS = ("bot", "handlers", "jobs", "web", "storage")
FOLDERS = (*AREAS, "sandbox", "tests", "benchmarks")
MOST_FILES, MOST_LINES, LINES_OF_APP = 14, 400, 200
GROWS = {"storage/migrations/versions"}  # by a file for each change of the schema


def test_folders_are_small() -> None:
    """No folder of the program has more modules than can be taken in at a look; with more it is two areas."""
    counts: dict[str, int] = {}
    for path in (path for folder in AREAS for path in (ROOT / folder).rglob("*.py") if path.name != "__init__.py"):
        place = path.parent.relative_to(ROOT).as_posix()
        counts[place] = counts.get(place, 0) + 1
    assert {place: count for place, count in counts.items() if count > MOST_FILES and place not in GROWS} == {}


def test_modules_are_small() -> None:
    """No module has more lines than the rule allows."""
    paths = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")]
    lines = {path.relative_to(ROOT).as_posix(): len(path.read_text().splitlines()) for path in paths}
    assert {path: count for path, count in lines.items() if count > MOST_LINES} == {}


def test_app_stays_a_list() -> None:
    """What builds the application joins the areas, and does nothing of its own."""
    assert len((ROOT / "bot" / "app.py").read_text().splitlines()) <= LINES_OF_APP
