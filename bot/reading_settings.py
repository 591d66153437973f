"""How settings are read, from wherever they stand, with every problem told at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

from pydantic import ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot.kernel.errors import InvalidSettings, Refusal
from bot.secret_files import FileSecrets, Unreadable


@contextmanager
def as_problem() -> Iterator[None]:
    """A refusal in the words of a problem with a setting."""
    try:
        yield
    except Refusal as refusal:
        raise ValueError(str(refusal).removesuffix(".")) from None


class ReadSettings(BaseSettings):
    """Reads from arguments, the environment, `*_FILE` secrets and `.env`, in this order."""

    model_config = SettingsConfigDict(frozen=True, env_file=".env", env_ignore_empty=True, extra="ignore")

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
        try:
            return cls(**given)
        except ValidationError as error:
            problems = []
            for fault in error.errors(include_url=False, include_input=False):
                name = str(fault["loc"][0]).upper() if fault["loc"] else ""
                words = (
                    "is not set." if fault["type"] == "missing" else f"{fault['msg'].removeprefix('Value error, ')}."
                )
                problems.append(f"{name}: {words}" if name else words)
            raise InvalidSettings(problems) from None

    @field_validator("*", mode="before")
    @classmethod
    def _readable(cls, value: Any) -> Any:
        if isinstance(value, Unreadable):
            raise ValueError(value.why)  # noqa: TRY004 - what pydantic collects
        return value
