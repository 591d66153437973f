"""What a start loads: memory that every installation pays for, day and night."""

import subprocess
import sys

LATER = ("openai", "openpyxl", "lxml", "psycopg", "procrastinate", "fasttext", "jinja2")


def test_what_few_need_is_loaded_when_it_is() -> None:
    """The program with its parts loads no SDK of models, workbooks, language detector, PostgreSQL or templates."""
    said = f"import sys; import bot.__main__, bot.parts; print([name for name in {LATER} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
