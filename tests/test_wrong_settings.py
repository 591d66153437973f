"""Every setting wrong, alone and in pairs: named, in our words, at once, and without the value where it is a secret."""

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.config.reading import is_secret
from bot.kernel.errors import InvalidSettings
from bot.settings import Settings

AGE = "age1840w336h9fs9c8gryjkqu28khjfw2gf2zzjd4hfvjqmhvrdv7cnqcff7z8"
BOT = f"1234567890:AAH{'canary' * 6}"
FINE = {
    "telegram_bot_token": BOT,
    "admin_telegram_ids": "1003",
    "telegram_updates": "webhook",
    "telegram_webhook_secret": "hush-hush",
    "openai_api_key": "sk-canary-of-a-models-key",
    "stripe_secret_key": "sk_test_canary",
    "stripe_webhook_secret": "whsec_canary",
    "notion_token": "ntn_canary",
    "notion_parent_page_id": "0123456789abcdef0123456789abcdef",
    "smtp_host": "mail.echopilot.test",
    "smtp_username": "studio",
    "smtp_password": "canary word",
    "mail_from": "Studio <studio@echopilot.test>",
    "report_recipients": "carol@echopilot.test",
    "public_url": "https://studio.echopilot.test",
    "backup_public_key": AGE,
    "backup_second_place": "s3://studio/backups",
}
NO_KEYS = [
    "pk_live_canarycanary",
    "sk_org_canarycanary",
    f'"{BOT}"',
    " sk_live_canary",
    "whsec_canary\n",
    "schlüssel-canary",
]
NO_KEYS_YET = ["sk-...", "sk_test_…", "your-key", "your_api_key", "changeme", "whsec_xxxx", "ntn_placeholder_xxx"]
NO_APIS = ["echopilot.test", "ftp://echopilot.test", "https://", "https://exa mple.org",
                         "https://us:canary@echopilot.test",
           "https://echopilot.test?key=1", "https://echopilot.test:99999", "https://echopilot.test:x",
           "https://-.org"]  # fmt: skip
EXAMPLES = ["https://example.com", "https://api.example.org/v1", "https://studio.example", "https://<your-url>",
            "https://your-domain.com", "https://yourcompany.org", "https://hc-ping.com/<your-uuid>",
            "https://hc-ping.com/your-uuid-here", "https://hc-ping.com/...", "https://hc-ping.com/$UUID",
            "https://YOUR-RESOURCE.openai.azure.com/openai/v1",
                         "https://hc-ping.com/xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx",
            "https://changeme.org", "https://{domain}"]  # fmt: skip
NO_RATES = ["0", "-1", "nan", "inf", "fast", "10000000"]
FOR_PEOPLE = ["https://web.telegram.org", "https://dashboard.stripe.com", "https://www.notion.so/studio",
                         "https://t.me/bot",
              "https://platform.openai.com/v1", "https://chatgpt.com"]  # fmt: skip
IN_THE_OPEN = ["http://8.8.8.8/v0", "http://api.mistral.ai", "http://api.groq.com/openai"]  # a key would go along
NO_AMOUNTS = ["-1", "NaN", "Infinity", "much", "1e30"]
NO_MINUTES = ["0", "-5", "1.5", "soon", "99999999999999999999"]
NO_POINTS = ["-1", "101", "1.5", "good"]
NO_MODELS = ["gpt 6 luna", "https://api.openai.com/v1", '"gpt-6-luna"', "a" * 201]
NO_PRICES = ["-1", "0.49", "1000000", "12.345", "NaN", "free", "1e15"]
NO_LIMITS = ["0", "-1", "x", "1.5", "1000000001"]
NO_HOSTS = ["https://echopilot.test", "echopilot.test:587", "mail echopilot", "[::1]", "300.1.1.1", "us@echopilot.test",
            "-x", "smtp.example.com", "your-host", "smtp.yourdomain.com"]  # fmt: skip
WRONG: dict[str, list[str]] = {
    "telegram_bot_token": ["1234", "1234567890:short", "sk_test_canarycanary", "١٢٣:" + "x" * 35, *NO_KEYS],
    "admin_telegram_ids": ["", ",", "@carol", "1 2", "-1001234", "0", "9007199254740993", "1234567890", "1.5",
                           "777000", "1003,1087968824"],
    "telegram_updates": ["push", "Polling"],
    "telegram_webhook_secret": ["", "two words", "ü", "a" * 257, "a.b", "whsec_canarycanary", BOT],
    "language": ["english please", "xx-yy-zz-qq", "-"],
    "office_hours": ["always", "9-18", "Mon-Fri 18:00-09:00", "Mon-Fri 09:00-24:30", "Mon-Fri 09:60-18:00",
                     "Mon-Fry 09:00-18:00", "Mon-Fri 09:00-18:00; Fri 09:00-13:00"],
    "holidays": ["Germany", "XX", "DE-XX", "DE PK"],
    "time_zone": ["Berlin", "UTC+1", "../UTC", "Europe"],
    "telegram_api_url": [*NO_APIS, *EXAMPLES, *IN_THE_OPEN, *FOR_PEOPLE, "http://api.telegram.org",
                         "https://api.telegram.org/file", "https://api.telegram.org:8443",
                         "https://api.telegram.org/bot", "https://api.stripe.com"],
    "telegram_messages_per_second": NO_RATES,
    "telegram_chat_messages_per_second": [*NO_RATES, "26"],
    "telegram_chat_burst": ["0", "21", "1.5", "x"],
    "telegram_group_messages_per_minute": [*NO_RATES, "1501"],
    "openai_api_key": ["", *NO_KEYS_YET, "sk_live_canarycanary", BOT, "ntn_canarycanary", "sk-admin-canary",
                         "two words", "schlüssel",
                       "'sk-canary'"],
    "openai_base_url": [*NO_APIS, *EXAMPLES, *IN_THE_OPEN, *FOR_PEOPLE, "https://api.openai.com",
                         "https://api.openai.com/v1/chat/completions",
                        "https://api.notion.com", "https://echopilot.test/v1/models"],
    "draft_model": NO_MODELS,
    "judge_model": NO_MODELS,
    "draft_reasoning_effort": ["hard", "None"],
    "judge_reasoning_effort": ["hard"],
    "draft_model_research": NO_MODELS,
    "draft_model_drafting": NO_MODELS,
    "draft_model_data_transform": NO_MODELS,
    "draft_model_transcription": NO_MODELS,
    "draft_model_other": NO_MODELS,
    "fallback_model": NO_MODELS,
    "draft_max_tokens": ["255", "1000001", "many"],
    "preview": ["maybe"],
    "prices_for_strangers": ["maybe"],
    "changes": ["sometimes"],
    "change_percent": ["0", "101", "a third"],
    "terms": ["a" * 50_001],
    "transcribe_model": NO_MODELS,
    "model_timeout_seconds": ["0", "nan", "inf", "long", "3601"],
    "model_prices": ["qwen", "qwen=1", "qwen=-1/2", "qwen=NaN/2", "=1/2", "qwen=1/2;qwen=1/3", "qwen=1/1001"],
    "ceiling_brief_usd": [*NO_AMOUNTS, "0.0000009"],
    "ceiling_client_month_usd": [*NO_AMOUNTS, "0.0000009"],
    "ceiling_day_usd": [*NO_AMOUNTS, "0.0000009"],
    "ceiling_month_usd": [*NO_AMOUNTS, "0.0000009"],
    "qa_target": NO_POINTS,
    "qa_target_research": NO_POINTS,
    "qa_target_drafting": NO_POINTS,
    "qa_target_data_transform": NO_POINTS,
    "qa_target_transcription": NO_POINTS,
    "qa_target_other": NO_POINTS,
    "qa_floors": ["accuracy", "accuracy=101", "beauty=50", "accuracy=high", "tone=1;tone=2"],
    "qa_near_points": ["-1", "51", "x"],
    "qa_samples": ["4", "1", "17", "x"],
    "draft_attempts": ["0", "11", "x"],
    "audit_percent": ["-1", "101", "nan", "x"],
    "probe_percent": ["-1", "101", "nan", "x"],
    "claim_minutes": NO_MINUTES,
    "remind_minutes": NO_MINUTES,
    "escalate_minutes": [*NO_MINUTES, "30", "29"],
    "admin_minutes": [*NO_MINUTES, "120"],
    "last_reminder_hours": ["0", "8", "8761", "99999999999999999999", "x"],
    "currency": ["usd", "US", "XAU", "IQD", "€", "USDX"],
    "price_research": NO_PRICES,
    "price_drafting": NO_PRICES,
    "price_data_transform": NO_PRICES,
    "price_transcription": NO_PRICES,
    "price_other": NO_PRICES,
    "price_transcription_minute": ["-1", "2252.26", "0.001", "NaN", "x"],
    "invoice_days": ["-1", "91", "x"],
    "tax_rates": ["19", "DE", "DE txr_", "de txr_1", "ZZ txr_1", "DE txr_1, DE txr_2", "txr_1, txr_2", "txr_1 DE"],
    "invoice_grace_minutes": ["-1", "1441", "x"],
    "invoice_reminder_days": ["x", "7,1", "1,1", "-91", "0,1,2,3,4,5,6,7,8,9,10"],
    "limit_transaction_usd": NO_LIMITS,
    "limit_person_day_usd": NO_LIMITS,
    "limit_day_usd": NO_LIMITS,
    "limit_person_day_count": NO_LIMITS,
    "limit_day_count": NO_LIMITS,
    "quote_days": ["0", "366", "x"],
    "stripe_secret_key": ["", "sk_test_xxx", *NO_KEYS_YET, "sk_test_", "whsec_canarycanary",
                          "sk-canarycanarycanary", BOT, *NO_KEYS],
    "stripe_webhook_secret": ["", ",", *NO_KEYS_YET, "sk_test_canarycanary", "whsec_", "whsec_canary,sk_test_canary",
                              "we_1AbCdEfGhIjKlMn", '"whsec_canary"', "whsec_canary "],
    "stripe_api_url": [*NO_APIS, *EXAMPLES, *IN_THE_OPEN, *FOR_PEOPLE, "https://api.stripe.com/v1",
                         "http://api.stripe.com",
                       "https://api.telegram.org"],
    "refund_solo_limit": ["100", "USD", "USD 1.234", "XYZ 5", "USD 5, USD 6", "USD -5", "usd 5", "JPY 1.5"],
    "refund_fuse_minutes": ["-1", "1441", "soon", "1.5"],
    "exchange_rates": ["EUR", "EUR 1.08", "EUR 1,08 2026-11-01", "EUR 0 2026-11-01", "XYZ 1 2026-11-01",
                       "USD 1 2026-11-01", "EUR 1 2026-02-30", "EUR 1 2026-11-01; EUR 2 2026-11-01"],
    "margin_target_percent": ["0", "100", "x", "1.5"],
    "cost_warn_percent": ["0", "101", "x"],
    "fee_warn_percent": ["0", "101", "x"],
    "cost_stop_times": ["-1", "1001", "x"],
    "cost_stop_usd": ["0", "1000001", "x"],
    "repair_limit_usd": ["-1", "5001", "x", "1.5"],
    "notion_token": ["canary", *NO_KEYS_YET, "ntn_", "v02%3Auser_token_or_cookies%3Acanary", "sk_test_canarycanary",
                     "'ntn_canary'"],
    "notion_parent_page_id": ["", "https://www.notion.so/Studio-0123456789abcdef0123456789abcdef", "Studio", "0" * 31],
    "notion_api_url": [*NO_APIS, *EXAMPLES, *IN_THE_OPEN, *FOR_PEOPLE, "https://api.notion.com/v1",
                         "http://api.notion.com",
                       "https://api.openai.com/v1"],
    "notion_requests_per_second": NO_RATES,
    "smtp_host": NO_HOSTS,
    "smtp_port": ["0", "65536", "smtp", "993", "995", "143", "110"],
    "smtp_security": ["ssl", "tls"],
    "smtp_username": ["stu\ndio", BOT],
    "smtp_password": ["", "can\nary", "sk_live_canarycanary"],
    "mail_from": ["", "you@yourdomain.com", "studio", "studio@host", "a@echopilot.test, b@echopilot.test",
                         "Studio <studio@>"],
    "report_recipients": ["", "carol@your-company.com", "carol", "a@example.org; b@example.org",
                         "carol@example..org", "a@example.org,b"],
    "backup_public_key": ["age1short", f"{AGE[:-1]}q", "AGE-SECRET-KEY-1" + "Q" * 58, "ssh-ed25519 AAAA"],
    "backup_folder": ["~/backups", "/etc/hostname"],
    "backup_second_place": ["backups", "s3://", "s3://Studio", "s3://studio/a b", "https://echopilot.test/x", "~/x"],
    "backup_bucket_url": [*NO_APIS, *EXAMPLES],
    "backup_bucket_region": ["Frankfurt", "eu central", "-" * 51],
    "backup_bucket_key_id": ["stu\ndio", BOT],
    "backup_bucket_secret": ["can\nary", "sk_live_canarycanary"],
    "database_url": ["", "data.db", "mysql://host/name", "postgres://host/name", "sqlite://data.db", "sqlite:///",
                     "sqlite:///:memory:", "sqlite:///~/echo.db", "sqlite:///$HOME/echo.db",
                     "sqlite:///data/", "sqlite:///data/..", "sqlite:///.", "sqlite:///a.db?mode=ro",
                         "postgresql://host",
                     "postgresql://us:can#ary@host/name", "postgresql://us:12#ary@host/name",
                     "postgresql://us:can/ary@host/name", "postgresql://us:can@ary@host/name",
                     "postgresql://host:x/name", "postgresql://host:0/name", "postgresql://-/name"],
    "public_url": ["", *NO_APIS, *EXAMPLES, *FOR_PEOPLE, "http://studio.echopilot.test",
                         "https://studio.echopilot.test:8080", "https://10.0.0.5",
                   "https://studio", "https://studio.echopilot.test/webhooks/telegram"],
    "web_host": NO_HOSTS,
    "web_port": ["-1", "65536", "eighty", "tcp://10.0.0.1:8080"],
    "worker_concurrency": ["0", "1001", "x"],
    "cpu_limit_percent": ["0", "101", "x"],
    "memory_limit_percent": ["0", "101", "x"],
    "disk_least_mb": ["0", "10000001", "x"],
    "lag_limit_ms": ["0", "60001", "x"],
    "queue_limit": ["0", "1000001", "x"],
    "worker_concurrency_least": ["0", "1001", "x"],
    "worker_concurrency_most": ["0", "1001", "x"],
    "secret_days": ["0", "3651", "x"],
    "admins_most": ["0", "1001", "x"],
    "reading_seconds": ["0", "-1", "nan", "inf", "601", "x"],
    "drain_seconds": ["-1", "nan", "inf", "3601", "x"],
    "heartbeat_url": [*EXAMPLES, "echopilot.test", "ftp://echopilot.test", "https://exa mple.org",
                         "https://us:canary@echopilot.test"],
    "uptime_url": [*EXAMPLES, "echopilot.test", "ftp://echopilot.test", "https://exa mple.org"],
    "metrics_token": ["short", "two words of canary", f'"{BOT}"', "a" * 257, "changeme-changeme"],
    "streams_path": ["logs", "~/logs", "/etc/hostname", "/no/such/folder/logs"],
    "health_path": ["health", "~/health", "/", "/tmp/", "/no/such/folder/health"],
    "retention_days": ["0", "3651", "99999999999999999999", "x"],
    "job_times": ["heartbeat", "heartbeat=* * *", "heartbeat=0 25 * * *", "=* * * * *", "heartbeat=0 0 31 2 *",
                  "heartbeat=0 8 1 * 1", "heartbeat=0 8 * * 8"],
    "allow_dirty": ["maybe"],
    "log_level": ["loud", "INFO"],
}  # fmt: skip
CANNOT_BE_EMPTY = {"database_url"}  # empty means not set, and then the default is right
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
