"""Marks for tests of what one engine alone has, such as a file; all others run on both."""

from pathlib import Path

import pytest

from storage.location import sqlite_path

on_sqlite = pytest.mark.parametrize("engine", ["sqlite"])
on_postgres = pytest.mark.parametrize("engine", ["postgres"])


def file_of(url: str) -> Path:
    """Return SQLite's file."""
    path = sqlite_path(url)
    assert path is not None
    return path
