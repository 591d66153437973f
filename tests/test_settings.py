"""Settings: every problem at once, secrets from files, defaults as documented, and no secret in what is printed."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bot.app import build
from bot.docs import env_example
from bot.kernel.errors import InvalidSettings
from bot.ledger.rate import rates_in
from bot.ops.version import ROOT
from bot.settings import Settings
from jobs.catalog import JOBS
from tests.house import Providers

TOKEN = "1234567890:AAHcanarycanarycanarycanarycanary-1"
REQUIRED = {
    "TELEGRAM_BOT_TOKEN": TOKEN,
    "ADMIN_TELEGRAM_IDS": "1003",
    "OPENAI_API_KEY": "canary-openai",
    "STRIPE_SECRET_KEY": "sk_test_canary",
    "STRIPE_WEBHOOK_SECRET": "whsec_canary",
}


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting of this machine counts: neither its environment nor a .env in the current folder."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
        monkeypatch.delenv(f"{name.upper()}_FILE", raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def required(nothing_set: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The required settings, and no others."""
    for name, value in REQUIRED.items():
        monkeypatch.setenv(name, value)


def problems() -> list[str]:
    """What is wrong with the environment."""
    with pytest.raises(InvalidSettings) as caught:
        Settings.load()
    return caught.value.problems


@pytest.mark.parametrize(
    ("name", "value", "before"),
    [
        ("ESCALATE_MINUTES", "30", "REMIND_MINUTES"),
        ("ADMIN_MINUTES", "90", "ESCALATE_MINUTES"),
        ("LAST_REMINDER_HOURS", "8", "ADMIN_MINUTES"),
    ],
)
def test_levels_of_reminders(
    required: None, monkeypatch: pytest.MonkeyPatch, name: str, value: str, before: str
) -> None:
    """A level of reminders that comes no later than the one before it is refused."""
    monkeypatch.setenv(name, value)
    assert problems() == [f"{name}: has to be longer than {before}."]


@pytest.mark.parametrize(("former", "name"), [("QA_LOOKS", "qa_samples"), ("LAST_RUNG_HOURS", "last_reminder_hours")])
def test_former_names(required: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, former: str, name: str) -> None:
    """A setting is still read by the name that it had in an earlier version, from the environment and from `.env`."""
    (tmp_path / ".env").write_text(f"{former}=11\n")
    assert getattr(Settings.load(), name) == 11
    monkeypatch.setenv(former, "13")
    assert getattr(Settings.load(), name) == 13
    monkeypatch.setenv(former, "0")
    assert named(problems()) == [name.upper()]


def named(found: list[str]) -> list[str]:
    return [problem.partition(":")[0] for problem in found]


def test_all_problems_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What is missing, malformed, unreadable or needed by another setting is named in one go."""
    given = {
        "TELEGRAM_BOT_TOKEN": "canary-no-token",
        "TELEGRAM_UPDATES": "webhook",
        "OPENAI_API_KEY_FILE": str(tmp_path / "missing"),
        "CURRENCY": "JPY",
        "PRICE_OTHER": "99.50",
        "NOTION_TOKEN": "ntn_canary",
        "SMTP_HOST": "mail.echopilot.test",
        "DATABASE_URL": "postgresql://studio:canary#word@host/studio",
        "WEB_PORT": "eighty",
        "JOB_TIMES": "heartbeat=61 * * * *",
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    found = problems()
    assert named(found) == [
        "TELEGRAM_BOT_TOKEN",
        "ADMIN_TELEGRAM_IDS",
        "OPENAI_API_KEY",
        "PRICE_OTHER",
        "STRIPE_SECRET_KEY",
        "STRIPE_WEBHOOK_SECRET",
        "NOTION_PARENT_PAGE_ID",
        "MAIL_FROM",
        "REPORT_RECIPIENTS",
        "DATABASE_URL",
        "PUBLIC_URL",
        "WEB_PORT",
        "JOB_TIMES",
    ]
    assert "canary" not in "\n".join(found)


@pytest.mark.usefixtures("required")
def test_secret_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """NAME_FILE names a file with the value; a value in NAME itself goes before it."""
    secret = tmp_path / "key"
    secret.write_text("key-from-a-file\n")
    monkeypatch.delenv("OPENAI_API_KEY")
    monkeypatch.setenv("OPENAI_API_KEY_FILE", str(secret))
    monkeypatch.setenv("STRIPE_SECRET_KEY_FILE", str(secret))
    settings = Settings.load()
    assert settings.openai_api_key.get_secret_value() == "key-from-a-file"
    assert settings.stripe_secret_key.get_secret_value() == "sk_test_canary"


@pytest.mark.usefixtures("required")
def test_rates_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """EXCHANGE_RATES_FILE may have a line for each rate, and ends of lines of any system."""
    file = tmp_path / "rates"
    file.write_bytes(b"EUR 1.0842 2026-11-01\r\nJPY 0.0066 2026-11-01\n\nINR 0.0119 2026-11-01\n")
    monkeypatch.setenv("EXCHANGE_RATES_FILE", str(file))
    assert [rate.currency for rate in rates_in(Settings.load().exchange_rates)] == ["EUR", "JPY", "INR"]


@pytest.mark.usefixtures("required")
@pytest.mark.parametrize(
    ("content", "words"),
    [(None, "No such file or directory"), (b"\xff\xfe\x00", "is no text"), (b"\n", "is not set")],
)
def test_file_without_a_value(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes | None, words: str
) -> None:
    """A file that is missing, no text or empty is a problem of its setting."""
    secret = tmp_path / "key"
    if content is not None:
        secret.write_bytes(content)
    monkeypatch.delenv("OPENAI_API_KEY")
    monkeypatch.setenv("OPENAI_API_KEY_FILE", str(secret))
    found = problems()
    assert named(found) == ["OPENAI_API_KEY"]
    assert words in found[0]


@pytest.mark.usefixtures("required")
def test_empty_means_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty variable leaves an optional setting at its default, and a required one missing."""
    monkeypatch.setenv("WEB_PORT", "")
    monkeypatch.setenv("NOTION_TOKEN", "")
    settings = Settings.load()
    assert settings.web_port == 8080
    assert settings.notion_token is None
    monkeypatch.setenv("OPENAI_API_KEY", "")
    assert problems() == ["OPENAI_API_KEY: is not set. Key for the models that draft and judge."]


def test_example_is_the_defaults(tmp_path: Path) -> None:
    """`.env.example` with every comment sign taken off, and what is required filled in, sets exactly the defaults."""
    lines = re.sub(r"^# ([A-Z_]+=)", r"\1", (ROOT / ".env.example").read_text(), flags=re.MULTILINE)
    for name, value in REQUIRED.items():
        lines, count = re.subn(rf"^{name}=$", f"{name}={value}", lines, flags=re.MULTILINE)
        assert count == 1
    example = tmp_path / "example"
    example.write_text(lines)
    required = {name.lower(): value for name, value in REQUIRED.items()}
    assert Settings.load(_env_file=example) == Settings.load(**required)


def test_example_names_every_setting() -> None:
    """`.env.example` has one line for each setting, commented out unless it is required."""
    lines = re.findall(r"^(# )?([A-Z_]+)=", env_example(), flags=re.MULTILINE)
    assert [(mark == "", name.lower()) for mark, name in lines] == [
        (field.is_required(), name) for name, field in Settings.model_fields.items()
    ]


@pytest.mark.usefixtures("required")
def test_no_secret_in_repr(monkeypatch: pytest.MonkeyPatch) -> None:
    """What prints the settings shows no secret, not even the password within the database's address."""
    monkeypatch.setenv("DATABASE_URL", "postgresql://studio:canary%2Fword@host/studio")
    settings = Settings.load()
    assert "canary" not in f"{settings!r} {settings}"
    secret = {value for name, value in REQUIRED.items() if "canary" in value}
    assert {*secret, "canary%2Fword", "canary/word"} <= set(settings.secrets())


@pytest.mark.usefixtures("required")
@pytest.mark.parametrize("times", ["heartbeat", "heartbeat=* * *", "heartbeat=0 25 * * *"])
def test_bad_job_times(monkeypatch: pytest.MonkeyPatch, times: str) -> None:
    """A time that no cron would understand is a problem of JOB_TIMES at the start."""
    monkeypatch.setenv("JOB_TIMES", times)
    assert named(problems()) == ["JOB_TIMES"]


@pytest.mark.usefixtures("required")
def test_job_times(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several jobs' times are separated by semicolons."""
    monkeypatch.setenv("JOB_TIMES", "daily_report=0 8 * * mon-fri; heartbeat=*/30 * * * *;")
    expected = {"daily_report": "0 8 * * mon-fri", "heartbeat": "*/30 * * * *"}
    assert Settings.load().job_times == expected


async def test_times_of_an_unknown_job(stand_ins: Providers, database_url: str) -> None:
    """A time for a job that does not exist stops the start before anything is touched."""
    settings = stand_ins.settings(database_url, job_times="tea=0 16 * * *")
    with pytest.raises(InvalidSettings) as caught:
        async with build(settings):
            pass
    (problem,) = caught.value.problems
    assert problem == f"JOB_TIMES: there is no job tea; there are {', '.join(job.name for job in JOBS)}."
    assert stand_ins.telegram.sent("getMe") == 0


@pytest.mark.usefixtures("required")
@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("ADMIN_TELEGRAM_IDS", "1, 22,333,", (1, 22, 333)),
        ("PUBLIC_URL", "https://studio.echopilot.test/", "https://studio.echopilot.test"),
        ("LANGUAGE", "pt-BR", "pt-BR"),
        ("LANGUAGE", "es_MX.UTF-8:es:en", "es-MX"),
        ("LANGUAGE", "C", "en"),
    ],
)
def test_how_values_are_read(monkeypatch: pytest.MonkeyPatch, name: str, value: str, expected: Any) -> None:
    """Lists are separated by commas, an address has no slash at its end, and a desktop's languages name one."""
    monkeypatch.setenv(name, value)
    assert getattr(Settings.load(), name.lower()) == expected


@pytest.mark.usefixtures("required")
def test_recipients(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who gets the report is separated by commas as well."""
    monkeypatch.setenv("SMTP_HOST", "mail.echopilot.test")
    monkeypatch.setenv("MAIL_FROM", "studio@example.org")
    monkeypatch.setenv("REPORT_RECIPIENTS", "a@example.org,b@example.org")
    assert Settings.load().report_recipients == ("a@example.org", "b@example.org")


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("mail_from", "studio"),
        ("mail_from", "studio@host"),
        ("mail_from", "Studio <studio@>"),
        ("mail_from", f"{'a' * 65}@example.org"),
        ("report_recipients", "carol@example.org, dan at example.org"),
        ("report_recipients", "carol@example..org"),
    ],
)
def test_addresses_that_are_none(monkeypatch: pytest.MonkeyPatch, setting: str, value: str) -> None:
    """An address that no mail server would take is named when EchoPilot starts."""
    monkeypatch.setenv(setting.upper(), value)
    assert "is no mail address" in "\n".join(problems())


def test_a_password_in_the_wrong_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever setting an address with a password was pasted into, no problem that is named repeats the password."""
    named = 0
    for name in Settings.model_fields:
        with monkeypatch.context() as patch:
            patch.setenv(name.upper(), "postgresql://echo:open-sesame@db.example.org:5432/echo")
            told = "\n".join(problems())
            assert "open-sesame" not in told, name
            named += name.upper() in told
    assert named > 100


@pytest.mark.parametrize("value", ["studio@example.org", "The Studio <studio@example.org>", "büro@straße.example"])
def test_addresses_that_are_fine(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    """A name before the address and letters of any language are fine; the domain is written as servers write it."""
    monkeypatch.setenv("MAIL_FROM", value)
    monkeypatch.setenv("SMTP_HOST", "mail.echopilot.test")
    assert not [problem for problem in problems() if problem.startswith("MAIL_FROM")]


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://studio.echopilot.test", "has to begin with https://"),
        ("https://studio.echopilot.test:8080", "Telegram sends updates to port 443, 80, 88 or 8443 only"),
        ("https://10.0.0.5", "cannot be reached from outside"),
        ("https://localhost", "cannot be reached from outside"),
        ("https://studio", "cannot be reached from outside"),
    ],
)
def test_a_webhook_that_telegram_refuses(required: None, monkeypatch: pytest.MonkeyPatch, url: str, words: str) -> None:
    """With webhooks on, an address that Telegram would refuse is named when EchoPilot starts; polling needs none."""
    monkeypatch.setenv("PUBLIC_URL", url)
    assert Settings.load().public_url == url
    monkeypatch.setenv("TELEGRAM_UPDATES", "webhook")
    monkeypatch.setenv("TELEGRAM_WEBHOOK_SECRET", "a-secret")
    (problem,) = problems()
    assert problem.startswith("PUBLIC_URL: ")
    assert words in problem


@pytest.mark.parametrize("secret", ["two words", "ü", "a" * 257, "a.b"])
def test_a_secret_that_telegram_refuses(required: None, monkeypatch: pytest.MonkeyPatch, secret: str) -> None:
    """A secret of other letters, or too long, is named when EchoPilot starts, and not shown."""
    monkeypatch.setenv("TELEGRAM_WEBHOOK_SECRET", secret)
    (problem,) = problems()
    assert problem.startswith("TELEGRAM_WEBHOOK_SECRET: has to be 1 to 256 of")
    assert f" {secret} " not in problem


@pytest.mark.parametrize("url", ["https://studio.echopilot.test", "https://studio.echopilot.test:8443"])
def test_a_webhook_that_telegram_takes(required: None, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """A public address by https at one of the four ports is fine."""
    for name, value in {"PUBLIC_URL": url, "TELEGRAM_UPDATES": "webhook", "TELEGRAM_WEBHOOK_SECRET": "a-B_9"}.items():
        monkeypatch.setenv(name, value)
    assert Settings.load().public_url == url


def test_prices_of_models(required: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a model costs is read for each by name; what is no price is refused."""
    monkeypatch.setenv("MODEL_PRICES", "qwen3:8b=0/0; house-model=0.4/2")
    assert Settings.load().model_prices == {
        "qwen3:8b": (Decimal(0), Decimal(0)),
        "house-model": (Decimal("0.4"), Decimal(2)),
    }
    for wrong in ("qwen3:8b", "qwen3:8b=1", "qwen3:8b=-1/2", "qwen3:8b=NaN/2", "qwen3:8b=a/b"):
        monkeypatch.setenv("MODEL_PRICES", wrong)
        assert "MODEL_PRICES" in problems()[0]
