"""Tables, not code: what a curator may change without touching a program.

Each table is one TOML file beside this one. Any room may read them; this module imports no other room.
The library reads a table in a seventh of the time of the standard one, and every process begins with several.
"""

from functools import cache
from importlib.resources import files
from typing import Any

import rtoml

from domain.errors import ConfigError


@cache
def load_table(name: str) -> dict[str, Any]:
    """The table `config/<name>.toml`. Read once; do not change what you are given.

    Raises:
        ConfigError: there is no such table, or it is not valid TOML.
    """
    try:
        return rtoml.loads(files(__name__).joinpath(f"{name}.toml").read_text("utf-8"))
    except (OSError, rtoml.TomlParsingError, UnicodeDecodeError) as error:
        raise ConfigError(f"config/{name}.toml", str(error)) from error


def table_names() -> list[str]:
    """The names of all tables, sorted."""
    return sorted(p.name.removesuffix(".toml") for p in files(__name__).iterdir() if p.name.endswith(".toml"))
