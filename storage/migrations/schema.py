"""The whole schema: every module of tables, also one that nothing has imported yet."""

import importlib
import pkgutil

from sqlalchemy import MetaData

from storage import tables
from storage.engine.schema import metadata


def whole() -> MetaData:
    """All tables of all areas."""
    for module in pkgutil.walk_packages(tables.__path__, f"{tables.__name__}."):
        importlib.import_module(module.name)
    return metadata
