"""Briefs that are made up, for code that asks for no more than a few of their fields."""

from dataclasses import fields
from typing import Any

from bot.briefs.model import Brief
from bot.kernel.money import Money
from bot.kernel.task_type import TaskType


def made_up(text: str, task_type: TaskType, **known: Any) -> Brief:
    """A brief of which nothing else is known."""
    blank: Any = None
    values = dict.fromkeys((field.name for field in fields(Brief)), blank)
    return Brief(**values | {"text": text, "task_type": task_type, "language": "", "price": Money(0, "USD")} | known)
