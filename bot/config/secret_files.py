"""Secrets from files, named by NAME_FILE."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic_settings import PydanticBaseSettingsSource


@dataclass(frozen=True, slots=True)
class Unreadable:
    """What stands for a value whose file cannot be read, until its setting is checked with all the others."""

    why: str


class FileSecrets(PydanticBaseSettingsSource):
    """Reads NAME from the file that NAME_FILE points at, as Docker and Kubernetes hand secrets over."""

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:  # noqa: ARG002
        path = os.environ.get(f"{field_name.upper()}_FILE", "")
        if not path:
            return None, field_name, False
        try:
            value: Any = Path(path).read_text(encoding="utf-8").strip() or None
        except OSError as error:
            value = Unreadable(f"cannot read {path} ({field_name.upper()}_FILE): {error.strerror}")
        except UnicodeDecodeError:
            value = Unreadable(f"{path} ({field_name.upper()}_FILE) is no text")
        return value, field_name, False

    def __call__(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, field in self.settings_cls.model_fields.items():
            value, _, _ = self.get_field_value(field, name)
            if value is not None:
                found[name] = value
        return found
