"""`python -m bot doctor`, over the wire against the stand-ins."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.areas import TABLES
from bot.databases import database_of
from bot.doctor import report
from bot.settings import Settings
from sandbox.faults import Fault
from storage.engine.database import Transaction
from storage.migrations.migrate import migrate
from tests.house import Providers, house
from tests.scripted_models import provider, refusal

SILENT = "http://127.0.0.1:9"  # the port of the discard protocol: nothing listens


async def findings(settings: Settings, **options: Any) -> tuple[int, dict[str, str]]:
    """The doctor's exit code and its lines by the name of their probe, in the order of the report."""
    lines: list[str] = []
    code = await report(settings, lines.append, **options)
    assert [line for line in lines if "\n" in line] == []
    return code, {line.split(maxsplit=1)[0]: line.split(maxsplit=1)[1] for line in lines}


def problems(lines: dict[str, str]) -> dict[str, str]:
    return {name: line for name, line in lines.items() if line.startswith("problem")}


def with_changes(settings: Settings, **changes: Any) -> Settings:
    return settings.model_validate(settings.model_dump() | changes)


@pytest.fixture
async def settings(stand_ins: Providers, tmp_path: Path) -> AsyncIterator[Settings]:
    """Complete settings on a database with the newest schema."""
    made = stand_ins.settings(f"sqlite:///{tmp_path}/doctor.db", allow_dirty=True)
    database = database_of(made)
    await migrate(database)
    yield made
    await database.close()


@pytest.mark.both_databases
async def test_everything_fine(settings: Settings) -> None:
    """With all providers up, every line is fine, that of the settings first, and the code is 0."""
    code, lines = await findings(settings)
    assert next(iter(lines)) == "configuration"
    assert {"database", "telegram", "models", "stripe", "notion", "mail"} <= lines.keys()
    assert problems(lines) == {}
    assert code == 0
    assert "SQLite" in lines["database"]
    assert "synchronous FULL" in lines["database"]
    assert "by polling" in lines["telegram"]
    assert "test key: no real money moves" in lines["stripe"]


@pytest.mark.both_databases
async def test_beside_a_running_house(stand_ins: Providers, database_url: str) -> None:
    """A running EchoPilot is found sound, but that a test's PostgreSQL may lose commits, and is not disturbed."""
    async with house(stand_ins, database_url, allow_dirty=True) as home:
        await home.carol.says("/start")
        await home.carol.sees("Welcome")
        _, lines = await findings(home.settings)
        found = problems(lines)
        if database_url.startswith("postgresql"):
            assert "fsync and synchronous_commit off and can lose commits" in found.pop("database")
        assert found == {}
        mark = home.carol.mark()
        await home.carol.says("/whoami")
        await home.carol.sees("admin", after=mark)


@pytest.mark.parametrize(
    ("changes", "name", "advice"),
    [
        ({"telegram_bot_token": "1234567890:AAHwrongwrongwrongwrongwrongwrong-99"}, "telegram", "TELEGRAM_BOT_TOKEN"),
        ({"openai_api_key": "sk-canary-of-a-wrong-key"}, "models", "OPENAI_API_KEY"),
        ({"stripe_secret_key": "sk_test_expired_canary"}, "stripe", "STRIPE_SECRET_KEY"),
        ({"notion_token": "ntn_canary_of_a_wrong_token"}, "notion", "NOTION_TOKEN"),
        ({"notion_parent_page_id": "0" * 32}, "notion", "share that page"),
        ({"draft_model": "gpt-9"}, "models", "gpt-9"),
        ({"telegram_api_url": SILENT}, "telegram", f"Can {SILENT} be reached"),
        ({"openai_base_url": SILENT}, "models", f"Can {SILENT} be reached"),
        ({"stripe_api_url": SILENT}, "stripe", f"Can {SILENT} be reached"),
        ({"notion_api_url": SILENT}, "notion", f"Can {SILENT} be reached"),
        ({"smtp_port": 9}, "mail", "Can 127.0.0.1:9 be reached"),
        ({"job_times": {"tea": "0 16 * * *"}}, "configuration", "there is no job tea"),
    ],
)
async def test_one_problem(
    settings: Settings, stand_ins: Providers, changes: dict[str, Any], name: str, advice: str
) -> None:
    """A wrong key, a dead provider or a wrong name is one problem line that says what to look at."""
    stand_ins.stripe.expire_key("sk_test_expired_canary")
    changed = settings.model_validate(settings.model_dump() | changes)
    code, lines = await findings(changed)
    assert [name] == list(problems(lines))
    assert advice in lines[name]
    assert code == 1


async def test_models_that_serve_nothing(settings: Settings) -> None:
    """A key that works is not enough: where each question is refused, the line says so and names the field."""

    def refused(_: Any) -> Any:
        return refusal(422, "max_completion_tokens is not permitted")

    async with provider(refused, refused) as url:
        _, lines = await findings(settings.model_validate(settings.model_dump() | {"openai_base_url": url}))
    assert list(problems(lines)) == ["models"]
    assert "gpt-6-luna (drafts): The model: refused (422): max_completion_tokens is not permitted" in lines["models"]


@pytest.mark.parametrize("status", [403, 404, 405, 500, 501, 200])
async def test_models_that_are_not_listed(settings: Settings, stand_ins: Providers, status: int) -> None:
    """Where there is no list of models, or a page in its place, each is asked all the same."""
    body = "<html>Not here</html>" if status in {200, 405} else '{"error": {"message": "not here"}}'
    stand_ins.openai.faults.add(Fault("GET .*/models$", "status", times=None, status=status, body=body))
    _, lines = await findings(settings)
    assert problems(lines) == {}
    assert "gpt-6-luna drafts" in lines["models"]
    assert "the provider lists no models" in lines["models"]


async def test_a_model_whose_end_is_near(settings: Settings) -> None:
    """A model that is shut down within 60 days is named with the setting and the day."""
    changed = settings.model_validate(settings.model_dump() | {"judge_model": "gpt-4o-mini"})

    class December:
        def now(self) -> datetime:
            return datetime(2026, 12, 1, tzinfo=UTC)

    _, lines = await findings(changed, clock=December())
    assert "gpt-4o-mini (JUDGE_MODEL) is shut down on 14 January 2027, in 44 days" in lines["models"]


async def test_stripe_down(settings: Settings, stand_ins: Providers) -> None:
    """A Stripe that only breaks off is a problem of reaching it, not of the key."""
    stand_ins.stripe.faults.add(Fault("GET /stripe/v1/account", "lose_request", times=None))
    _, lines = await findings(settings)
    assert list(problems(lines)) == ["stripe"]
    assert "be reached from here" in lines["stripe"]


async def test_restricted_key(settings: Settings, stand_ins: Providers) -> None:
    """A restricted key is tried by the calls that we need: one that may not name its account is sound."""
    changed = settings.model_validate(settings.model_dump() | {"stripe_secret_key": "rk_test_sandbox_key"})
    stand_ins.stripe.withhold("accounts_kyc_basic_read")
    assert problems((await findings(changed))[1]) == {}
    stand_ins.stripe.withhold("accounts_kyc_basic_read", "invoice_write")
    _, lines = await findings(changed)
    assert list(problems(lines)) == ["stripe"]
    assert "the key may not write invoices" in lines["stripe"]
    assert stand_ins.stripe.customers == stand_ins.stripe.invoices == {}


@pytest.mark.parametrize("key", ["sk_test_sandbox_key", "rk_test_sandbox_key"])
async def test_refused_key(settings: Settings, stand_ins: Providers, key: str) -> None:
    """A key that Stripe refuses altogether is said to be refused, not to lack permissions."""
    changed = settings.model_validate(settings.model_dump() | {"stripe_secret_key": key})
    stand_ins.stripe.expire_key(key)
    _, lines = await findings(changed)
    assert list(problems(lines)) == ["stripe"]
    assert "Stripe refuses the key: Expired API Key provided" in lines["stripe"]
    assert "may not" not in lines["stripe"]


SETTLED_ELSEWHERE = (
    "test key: no real money moves. Warning: prices are in USD, but the account keeps its money in AED, so Stripe "
    "converts each payment, for a fee, and charges nothing that is worth less than 2.00 AED. Is your lowest price, "
)


async def test_tax_rates(settings: Settings, stand_ins: Providers) -> None:
    """Each tax rate of the setting is named with its percentage; one that is archived, or not there, is a problem."""
    rates = [
        stand_ins.stripe.tax_rate("VAT", 19, inclusive=False),
        stand_ins.stripe.tax_rate("IVA", 21, inclusive=True),
    ]
    named = f"DE {rates[0]['id']}, {rates[1]['id']}"
    code, lines = await findings(with_changes(settings, tax_rates=named))
    assert (code, "tax: VAT 19 % added to prices, IVA 21 % included in prices" in lines["stripe"]) == (0, True)
    rates[1]["active"] = False
    code, lines = await findings(with_changes(settings, tax_rates=named))
    assert (code, f"TAX_RATES names {rates[1]['id']}, which is archived" in lines["stripe"]) == (1, True)
    code, lines = await findings(with_changes(settings, tax_rates="txr_gone"))
    assert (code, "TAX_RATES names txr_gone, which this account does not have" in lines["stripe"]) == (1, True)


@pytest.mark.parametrize("withheld", [(), ("accounts_kyc_basic_read",), ("balance_read",)])
async def test_stripe_settles_in_another_currency(
    settings: Settings, stand_ins: Providers, withheld: tuple[str, ...]
) -> None:
    """Where Stripe converts what clients pay, the line warns of the smallest charge; either permission tells that."""
    stand_ins.stripe.settle_in("aed", {"usd": Decimal("3.6725")})
    stand_ins.stripe.withhold(*withheld)
    code, lines = await findings(with_changes(settings, stripe_secret_key="rk_test_sandbox_key"))
    assert SETTLED_ELSEWHERE in lines["stripe"]
    assert (code, "Warning" in (await findings(with_changes(settings, currency="AED")))[1]["stripe"]) == (0, False)


async def test_key_that_may_not_read_the_currency(settings: Settings, stand_ins: Providers) -> None:
    """A key that may read neither the account nor its balance is sound, and the line says what was not checked."""
    stand_ins.stripe.withhold("accounts_kyc_basic_read", "balance_read")
    code, lines = await findings(with_changes(settings, stripe_secret_key="rk_test_sandbox_key"))
    assert (code, "this key may not read, so that is not checked" in lines["stripe"]) == (0, True)


async def test_sign_in_at_the_mail_server(settings: Settings) -> None:
    """A mail server that does not take the sign-in is named with the settings of the sign-in."""
    changed = settings.model_validate(settings.model_dump() | {"smtp_username": "us", "smtp_password": "canary-pass"})
    _, lines = await findings(changed)
    assert list(problems(lines)) == ["mail"]


async def test_old_schema(settings: Settings) -> None:
    """A database of an older version says which command brings it up."""
    await _set_revision(settings, "0001")
    code, lines = await findings(settings)
    assert list(problems(lines)) == ["database"]
    assert "schema 0001" in lines["database"]
    assert "python -m bot migrate" in lines["database"]
    assert code == 1


async def test_newer_schema(settings: Settings) -> None:
    """A database of a newer version is not to be run with this code."""
    await _set_revision(settings, "9999")
    _, lines = await findings(settings)
    assert "run the newer code" in lines["database"]


async def test_no_database_yet(stand_ins: Providers, tmp_path: Path) -> None:
    """Before the first run there is no file, which is fine, and the doctor makes none."""
    settings = stand_ins.settings(f"sqlite:///{tmp_path}/not/yet.db", allow_dirty=True)
    code, lines = await findings(settings)
    assert "the first run makes it" in lines["database"]
    assert code == 0
    assert not (tmp_path / "not").exists()


async def test_no_database_at_all(stand_ins: Providers, tmp_path: Path) -> None:
    """A file that is no database is a problem line, not a stack trace."""
    (tmp_path / "letter.db").write_text("Dear reader, this is no database. " * 100)
    _, lines = await findings(stand_ins.settings(f"sqlite:///{tmp_path}/letter.db", allow_dirty=True))
    assert list(problems(lines)) == ["database"]
    assert "not a database" in lines["database"]


async def test_postgresql_down(settings: Settings) -> None:
    """A PostgreSQL that does not answer is named without its password."""
    url = "postgresql://echopilot:canary-word@127.0.0.1:9/echopilot"
    _, lines = await findings(settings.model_validate(settings.model_dump() | {"database_url": url}))
    assert list(problems(lines)) == ["database"]
    assert "DATABASE_URL" in lines["database"]
    assert lines["disk"].startswith("off")
    assert "canary-word" not in "\n".join(lines.values())


@pytest.mark.parametrize(("seconds", "verdict"), [(50, "fine"), (90, "problem"), (-90, "problem")])
async def test_clock(settings: Settings, seconds: int, verdict: str) -> None:
    """A clock more than a minute off is a problem, and the line says in which direction."""

    class Skewed:
        def now(self) -> datetime:
            return datetime.now(UTC) + timedelta(seconds=seconds)

    _, lines = await findings(settings, clock=Skewed())
    assert lines["clock"].startswith(verdict)
    assert ("ahead" if seconds > 0 else "behind") in lines["clock"]


async def test_foreign_webhook(settings: Settings, stand_ins: Providers) -> None:
    """While polling, a webhook that is set points at another program; only its host is shown."""
    async with house(
        stand_ins,
        settings.database_url.replace("doctor", "other"),
        telegram_updates="webhook",
        telegram_webhook_secret="hush-hush",
        public_url=f"{stand_ins.url}/canary-path",
    ) as other:
        _, lines = await findings(settings)
        assert list(problems(lines)) == ["telegram"]
        assert "has a webhook at 127.0.0.1" in lines["telegram"]
        assert "canary-path" not in lines["telegram"]
        _, lines = await findings(other.settings)
        assert "by webhook" in lines["telegram"]


async def test_what_is_off(settings: Settings) -> None:
    """Without Notion and mail their lines say off, and that is no problem."""
    mail: dict[str, Any] = {"smtp_host": "", "smtp_security": None, "mail_from": "", "report_recipients": ()}
    without = {"notion_token": None, "notion_parent_page_id": ""} | mail
    code, lines = await findings(settings.model_validate(settings.model_dump() | without))
    assert {name for name in ("notion", "mail", "stripe") if lines[name].startswith("off")} == {"notion", "mail"}
    assert code == 0


async def test_no_secret_is_shown(settings: Settings, stand_ins: Providers) -> None:
    """A provider may echo a key in its refusal; the report shows it as masked."""
    key, token = settings.stripe_secret_key.get_secret_value(), "ntn_sandbox"
    stripe = {"error": {"type": "invalid_request_error", "message": f"No such key: {key}"}}
    notion = {"object": "error", "status": 400, "code": "validation_error", "message": f"No such token: {token}"}
    stand_ins.stripe.faults.add(Fault("account", "status", status=400, body=json.dumps(stripe)))
    stand_ins.notion.faults.add(Fault("users", "status", status=400, body=json.dumps(notion)))
    _, lines = await findings(settings)
    assert "No such key: [secret]" in lines["stripe"]
    assert "No such token: [secret]" in lines["notion"]
    assert not any(secret in line for secret in (key, token) for line in lines.values())


async def _set_revision(settings: Settings, revision: str) -> None:
    async def work(tx: Transaction) -> None:
        await tx.run(text("UPDATE alembic_version SET version_num = :r"), {"r": revision})

    database = database_of(settings)
    await database.write(work)
    await database.close()


async def test_notion_databases_that_are_gone(stand_ins: Providers, database_url: str) -> None:
    """A database of the mirror that was deleted is a problem with its name, and is only looked at."""
    async with house(stand_ins, database_url, allow_dirty=True) as home:
        await home.carol.says("/start")
        await home.staff()
        await home.brief()
        await home.notion.wait_for("Finance", lambda rows: len(rows) == 1)
        await home.notion.wait_for("Job Log", lambda rows: [row["State"] for row in rows] == ["invoiced"])
        _, lines = await findings(home.settings)
        missing = [name for name in TABLES if not home.notion.tables(name)]
        there = f"{', '.join(missing)} not made yet" if missing else f"page seen, {len(TABLES)} databases there"
        assert there in lines["notion"]
        home.notion.trash("Job Log")
        _, lines = await findings(home.settings)
        assert lines["notion"].startswith("problem")
        assert "Job Log deleted or not shared any more" in lines["notion"]
        assert home.notion.tables("Job Log") == []


async def test_notion_on_the_free_plan(settings: Settings, stand_ins: Providers) -> None:
    """On a Free workspace the line says how many blocks there are, and that a row is one; on another it does not."""
    _, lines = await findings(settings)
    assert "1,000 blocks" not in lines["notion"]
    stand_ins.notion.limit_blocks(900)
    _, lines = await findings(settings)
    assert "1,000 blocks" in lines["notion"]
