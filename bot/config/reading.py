"""How settings are read, from wherever they stand, with every problem told at once."""

import os
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Self, get_args

from pydantic import AliasChoices, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot.config import env_file
from bot.config import keys as setting_keys
from bot.config.secret_files import FileSecrets, Unreadable
from bot.kernel.errors import InvalidSettings
from bot.kernel.text.scrubber import Scrubber

# What pydantic found, by its types of errors, in our words.
WORDS = {
    "missing": "is not set",
    "int": "is no whole number",
    "float": "is no number",
    "decimal": "is no number",
    "finite_number": "is no number",
    "bool": "has to be true or false",
    "greater_than": "has to be more than {gt}",
    "greater_than_equal": "has to be at least {ge}",
    "less_than": "has to be less than {lt}",
    "less_than_equal": "can be at most {le}",
    "literal_error": "has to be {expected}",
    "enum": "has to be {expected}",
    "value_error": "{error}",
}
NO_UTF_8 = re.compile("[\ud800-\udfff]")  # as Python hands on bytes of the environment that it cannot read
LONG_WORD = re.compile(r"([^\s“”]{60})[^\s“”]{40,}?(?=[.,;:]?(?:[\s”]|$))")


class ReadSettings(BaseSettings):
    """Reads from arguments, the environment, `*_FILE` secrets and `.env`, in this order."""

    model_config = SettingsConfigDict(
        defer_build=True,  # of each area's settings only those of all together are ever read
        frozen=True,
        env_file=".env",
        env_file_encoding="utf-8-sig",
        env_ignore_empty=True,
        extra="ignore",
        hide_input_in_errors=True,
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - a folder of files; ours are named one by one
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, FileSecrets(settings_cls), dotenv_settings

    @classmethod
    def load(cls, **given: Any) -> Self:
        """Read the settings; raises InvalidSettings with every problem at once."""
        path = given.pop("_env_file", cls.model_config["env_file"])
        known = cls._names()
        found = [*env_file.problems(path, known), *env_file.misspelt(os.environ, known)]
        source: dict[str, Any] = {"_env_file": path if env_file.readable(path) else None}
        try:
            made = cls(**given, **source)
        except ValidationError as error:
            found = [*(line for fault in error.errors(include_url=False) for line in cls._lines(fault)), *found]
        if found:
            scrub = Scrubber(())
            raise InvalidSettings([LONG_WORD.sub(r"\1…", scrub(problem)) for problem in found])
        return made

    @classmethod
    def _names(cls) -> list[str]:
        """The names that mean something, in whatever this is read from."""
        return [*cls.model_fields, *cls._former_names()]

    @classmethod
    def _former_names(cls) -> list[str]:
        """The names that settings had in earlier versions, which are still read."""
        choices = [field.validation_alias for field in cls.model_fields.values()]
        return [str(name) for choice in choices if isinstance(choice, AliasChoices) for name in choice.choices[1:]]

    @field_validator("*", mode="before")
    @classmethod
    def _readable(cls, value: Any, info: ValidationInfo) -> Any:
        if isinstance(value, Unreadable):
            raise ValueError(value.why)  # noqa: TRY004 - what pydantic collects
        name = str(info.field_name)
        return _bare(name, value, is_secret(cls.model_fields[name])) if isinstance(value, str) else value

    @classmethod
    def _lines(cls, fault: Mapping[str, Any]) -> list[str]:
        """A problem in our words, and a line for each where one setting has several."""
        name, *inner = fault["loc"]
        kind, description = fault["type"], cls.model_fields[name].description
        place = f"“{inner[0]}” " if inner and isinstance(inner[0], str) else f"number {inner[0] + 1} " if inner else ""
        words = WORDS.get(kind) or WORDS.get(kind.partition("_")[0], "cannot be read")
        told = words.format(**{key: _plain(key, value) for key, value in fault.get("ctx", {}).items()})
        more = f" {description}" if kind == "missing" else ""
        return [f"{name.upper()}: {place}{line}.{more}" for line in told.splitlines()]


def is_secret(field: FieldInfo) -> bool:
    """Whether the setting's value is shown to nobody."""
    return field.annotation is SecretStr or SecretStr in get_args(field.annotation)


def _bare(name: str, value: str, secret: bool) -> str:
    """The value without what stands around it; raises ValueError where that cannot be meant."""
    if NO_UTF_8.search(value):
        raise ValueError("has bytes in it that are not UTF-8")
    if name == "exchange_rates":  # EXCHANGE_RATES_FILE has a line for each
        value = ", ".join(value.splitlines())
    if name == "smtp_password":  # people make these up, with whatever letters they like
        if setting_keys.CONTROL.search(value):
            raise ValueError("has a line break in it")
    elif secret:
        setting_keys.uncovered(value)
    elif setting_keys.CONTROL.search(value := value.strip()):
        raise ValueError("has a line break or another character in it that nobody sees")
    elif len(value) > 1 and value[0] == value[-1] and value[0] in setting_keys.EDGES:
        raise ValueError("has quotes around it; write the bare value")
    if words := setting_keys.foreign(name.upper(), value):
        raise ValueError(words)
    return value


def _plain(key: str, value: Any) -> str:
    """What pydantic says of a rule, fit to stand in a sentence: what it expects without the quotes around it."""
    if isinstance(value, (int, float, Decimal)):
        return f"{value:,}"
    return str(value).replace("'", "") if key == "expected" else str(value)
