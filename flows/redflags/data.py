"""Reading the vocabulary and the model that ship with the package, each once."""

import tomllib
from importlib.resources import files
from typing import Any

FOLDER = files("flows").joinpath("redflags_data")


def read_toml(name: str) -> dict[str, Any]:
    """One packaged TOML file as a dictionary."""
    return tomllib.loads(FOLDER.joinpath(name).read_text(encoding="utf-8"))


def read_lines(name: str) -> list[str]:
    """The lines of one packaged text file."""
    return FOLDER.joinpath(name).read_text(encoding="utf-8").splitlines()


def read_bytes(name: str) -> bytes:
    """One packaged binary file."""
    return FOLDER.joinpath(name).read_bytes()
