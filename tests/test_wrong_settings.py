"""Every setting wrong, alone and in pairs: named, in our words, at once, and without the value where it is a secret."""

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.config.reading import is_secret
from bot.kernel.errors import InvalidSettings
from bot.settings import Settings
from tests.wrong_settings import BOT, CANNOT_BE_EMPTY, FINE, WRONG

FOREIGN_WORDS = ("Input should", "validation error", "Traceback", "pydantic", "errors.pydantic", "value_error")
Problems = Callable[..., list[str]]


@pytest.fixture
def problems(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Problems:
    """What is said of these settings, in an environment with nothing else in it."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)

    def told(**changes: str) -> list[str]:
        given: dict[str, Any] = {name: value for name, value in (FINE | changes).items() if value != ""}
        try:
            Settings.load(**given)
        except InvalidSettings as error:
            return error.problems
        return []

    return told


def named(found: list[str]) -> set[str]:
    return {problem.partition(":")[0].lower() for problem in found}


def test_every_setting_is_walked() -> None:
    """The table has wrong values for every setting that there is."""
    assert WRONG.keys() == Settings.model_fields.keys()


def test_what_is_fine(problems: Problems) -> None:
    """The settings that are made wrong one by one are right before."""
    assert problems() == []


@pytest.mark.parametrize("setting", WRONG)
def test_wrong_alone(problems: Problems, setting: str) -> None:
    """Each wrong value is one problem of its setting, in words of ours that show no secret."""
    values = [value for value in WRONG[setting] if value or setting not in CANNOT_BE_EMPTY]
    for value in values:
        found = problems(**{setting: value})
        assert named(found) == {setting}, (value, found)
        assert [problem for problem in found if any(words in problem for words in FOREIGN_WORDS)] == []
        assert "canary" not in "".join(found), value
        assert not (is_secret(Settings.model_fields[setting]) and len(value) > 9 and value in "".join(found)), value
        assert all(problem.endswith(".") and len(problem) < 300 for problem in found), found


@pytest.mark.parametrize("setting", WRONG)
def test_what_no_value_may_be(problems: Problems, setting: str) -> None:
    """Bytes that are not UTF-8, and thousands of digits or letters, are told as anything else that is wrong."""
    assert named(problems(**{setting: "x\udcfc"})) == {setting}
    for value in ("9" * 5_000, f"/{'a' * 5_000}"):
        found = problems(**{setting: value})
        assert [problem for problem in found if len(problem) >= 300] == []
        assert [problem for problem in found if any(words in problem for words in FOREIGN_WORDS)] == []


def test_wrong_in_pairs(problems: Problems, measured: Callable[[str], None]) -> None:
    """Of two settings that are wrong both are told at once."""
    first = {setting: values[0] or values[1] for setting, values in WRONG.items()}
    pairs = [*itertools.combinations(first, 2)]
    for one, other in pairs[::16]:  # reading them takes milliseconds; every setting is in several
        assert named(problems(**{one: first[one], other: first[other]})) == {one, other}
    values = sum(map(len, WRONG.values()))
    measured(
        f"{values} wrong values of {len(WRONG)} settings, and {len(pairs[::16])} pairs of settings, told in our words"
    )


def test_all_wrong(problems: Problems) -> None:
    """All of them wrong: every one is told."""
    assert named(problems(**{setting: values[0] or values[1] for setting, values in WRONG.items()})) == {*WRONG}


@pytest.mark.parametrize(
    ("changes", "setting", "words"),
    [
        ({"telegram_updates": "polling"}, "telegram_webhook_secret", "does nothing while updates are polled"),
        ({"telegram_messages_per_second": "0.5"}, "telegram_chat_messages_per_second", "TELEGRAM_MESSAGES_PER_SECOND"),
        ({"openai_api_key": "sk-ant-canary"}, "openai_base_url", "a key of Anthropic"),
        ({"currency": "JPY", "price_other": "99.5"}, "price_other", "JPY"),
        ({"currency": "ISK", "price_transcription_minute": "9.5"}, "price_transcription_minute", "whole units"),
        ({"stripe_secret_key": "sk_live_canary", "stripe_api_url": "https://stripe.echopilot.test"}, "stripe_api_url",
         "a live key"),
        ({"notion_token": ""}, "notion_parent_page_id", "does nothing without NOTION_TOKEN"),
        ({"smtp_port": "465", "smtp_security": "starttls"}, "smtp_security", "port 465"),
        ({"smtp_security": "none"}, "smtp_username", "in the open"),
        ({"smtp_port": "465", "smtp_security": "none", "smtp_username": "", "smtp_password": ""}, "smtp_security",
         "port 465"),
        ({"smtp_port": "25", "smtp_security": "tls"}, "smtp_security", "port 25"),
        ({"openai_api_key": "gsk_canary", "openai_base_url": "https://openrouter.ai/api/v1"}, "openai_base_url",
         "a key of Groq"),
        ({"openai_api_key": "sk-proj-canary", "openai_base_url": "https://api.x.ai/v1"}, "openai_base_url",
         "a key of OpenAI"),
        ({"stripe_secret_key": "rk_live_canary", "public_url": "http://studio.echopilot.test",
          "telegram_updates": "polling", "telegram_webhook_secret": ""}, "public_url", "a live key"),
        ({"stripe_secret_key": "sk_live_canary", "public_url": "https://10.0.0.5", "telegram_updates": "polling",
          "telegram_webhook_secret": ""}, "public_url", "Stripe cannot call it"),
        ({"smtp_username": ""}, "smtp_password", "does nothing without SMTP_USERNAME"),
        ({"admin_telegram_ids": "5,1234567890"}, "admin_telegram_ids", "the bot itself"),
        ({"backup_public_key": ""}, "backup_second_place", "what leaves this machine is encrypted"),
        ({"backup_folder": "/tmp", "backup_second_place": "/tmp/"}, "backup_second_place", "BACKUP_FOLDER itself"),
        ({"worker_concurrency_least": "9", "worker_concurrency_most": "8"}, "worker_concurrency_most", "is less than"),
        ({"database_url": "sqlite:////tmp/echo.db", "health_path": "/tmp/echo.db"}, "health_path", "the database"),
        ({"database_url": "sqlite:////tmp/echo.db", "health_path": "/tmp/echo.db-wal"}, "health_path", "the database"),
    ],
)  # fmt: skip
def test_two_that_cannot_be(problems: Problems, changes: dict[str, str], setting: str, words: str) -> None:
    """Settings that are right alone and cannot work together are a problem of the later one, which names the other."""
    (problem,) = problems(**changes)
    assert named([problem]) == {setting}
    assert words in problem


def test_words_keep_their_apostrophes(problems: Problems) -> None:
    """What we say ourselves of a wrong value is told as it was written."""
    (problem,) = problems(notion_parent_page_id="Studio")
    assert "the page's address" in problem


@pytest.mark.parametrize(
    "url", ["http://localhost:11434/v1", "http://10.0.0.7/v1", "http://ollama:11434/v1", "http://[::1]:8080/v1",
            "http://host.docker.internal:11434/v1", "http://models.lan/v1"],
)  # fmt: skip
def test_models_in_a_network_of_our_own(problems: Problems, url: str) -> None:
    """Within our own network a key may go without encryption."""
    assert problems(openai_base_url=url) == []


def test_mail_without_a_server(problems: Problems) -> None:
    """Everything of mail does nothing without its server, and each is told."""
    found = problems(smtp_host="", smtp_security="tls")
    assert named(found) == {"smtp_security", "smtp_username", "mail_from", "report_recipients"}


def test_keys_all_around(problems: Problems) -> None:
    """Each key in each other's place is told, with the place that it belongs in."""
    keys = {name: FINE[name] for name in FINE if name.endswith(("_key", "_token")) or "stripe_webhook" in name}
    keys["openai_api_key"] = "sk-canarycanarycanary"
    for place, (kind, key) in itertools.product(keys, keys.items()):
        if place != kind:
            (problem,) = problems(**{place: key})
            assert f"that belongs in {kind.upper()}" in problem
    for place in ("draft_model", "smtp_username", "web_host", "notion_parent_page_id", "mail_from", "currency"):
        (problem,) = problems(**{place: BOT})
        assert problem == f"{place.upper()}: holds a bot token of Telegram; that belongs in TELEGRAM_BOT_TOKEN."


FILE = """
NOTION_API_KEY=canary
TELEGRAM_BOT_TOKN=canary
STRIPE_SECRET_KEY_FILE=/run/secrets/stripe
WEB_PROT=80
POSTGRES_PASSWORD=canary
WEB_PORT: 81
SMTP_PASS=
"""


def test_names_that_are_none(problems: Problems, tmp_path: Path) -> None:
    """A line of .env that would be dropped in silence is told, with the name that was meant."""
    (tmp_path / ".env").write_text(FILE)
    del_notion = {"notion_token": "", "notion_parent_page_id": ""}
    assert problems(**del_notion, telegram_bot_token="") == [
        "TELEGRAM_BOT_TOKEN: is not set. The bot's token, from @BotFather.",
        ".env: line 7 is not NAME=value, and nothing of it is read.",
        "NOTION_API_KEY: is no setting; did you mean NOTION_TOKEN?",
        "TELEGRAM_BOT_TOKN: is no setting; did you mean TELEGRAM_BOT_TOKEN?",
        "STRIPE_SECRET_KEY_FILE: is read from the environment alone; set it there, or STRIPE_SECRET_KEY here.",
        "WEB_PROT: is no setting; did you mean WEB_PORT?",
    ]


@pytest.mark.parametrize("content", [b"\xff\xfeW\0E\0B\0", None])
def test_file_that_cannot_be_read(problems: Problems, tmp_path: Path, content: bytes | None) -> None:
    """A .env that is no text, or a folder, is a problem beside all others."""
    if content is None:
        (tmp_path / ".env").mkdir()
    else:
        (tmp_path / ".env").write_bytes(content)
    found = problems(web_port="eighty")
    assert named(found) == {"web_port", ".env"}


def test_file_by_an_editor_of_windows(tmp_path: Path, problems: Problems) -> None:
    """A mark before the first line, and lines that end as in Windows, change nothing."""
    (tmp_path / ".env").write_bytes("\ufeffWEB_PORT=81\r\nLOG_LEVEL=debug\r\n".encode())
    settings = Settings.load(**FINE)
    assert (settings.web_port, settings.log_level) == (81, "debug")


def test_misspelt_in_the_environment(problems: Problems, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name in the environment that is nearly a setting's is told; names of other programs are not."""
    monkeypatch.setenv("POSTGRES_PASSWORD", "canary")
    monkeypatch.setenv("WEB_PORT_8080_TCP", "tcp://10.0.0.1:8080")
    monkeypatch.setenv("OPENAI_API_KEYS", "canary")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary")  # it is set, so the other is somebody else's
    assert problems() == []
    monkeypatch.setenv("STRIPE_WEBHOOK_SECRETS", "canary")
    assert problems() == ["STRIPE_WEBHOOK_SECRETS: is no setting; did you mean STRIPE_WEBHOOK_SECRET?"]
