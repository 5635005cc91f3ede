"""Checks requests and answers against the published description of the Bot API.

`bot_api.json` beside this file is that description, without its sentences and without what neither
the bot nor the stand-in uses; `trimmed.py` makes it, and says where it is from.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from bot.standin.errors import Json

HERE = Path(__file__).parent / "bot_api.json"
PLAIN: dict[str, type] = {"String": str, "Boolean": bool, "Integer": int, "Float": float}
OPTIONAL, EITHER = "?", " | "


class Field(NamedTuple):
    """A parameter of a method, or a field of an object."""

    types: list[str]
    required: bool


def fields_of(described: Mapping[str, str]) -> dict[str, Field]:
    """Return the fields by name: `{"text?": "String"}` is one that may be missing."""
    return {
        name.removesuffix(OPTIONAL): Field(types.split(EITHER), not name.endswith(OPTIONAL))
        for name, types in described.items()
    }


class Spec:
    """The methods and types of the Bot API."""

    def __init__(self, described: Json) -> None:
        self.returns = {name: one["returns"] for name, one in described["methods"].items()}
        self.methods = {
            name: fields_of(one["fields"]) for name, one in described["methods"].items()
        }
        self.subtypes = {
            name: one for name, one in described["types"].items() if isinstance(one, list)
        }
        self.types = {
            name: fields_of(one)
            for name, one in described["types"].items()
            if name not in self.subtypes
        }

    def request_faults(self, method: str, values: Mapping[str, object]) -> list[str]:
        """Return what is wrong with a request whose values are already of JSON types."""
        fields = self.methods[method]
        faults = [f"{method}: unknown {name}" for name in values if name not in fields]
        for name, field in fields.items():
            if name in values:
                faults += self.any_of(values[name], field.types, f"{method}.{name}")
            elif field.required:
                faults.append(f"{method}: {name} is missing")
        return faults

    def result_faults(self, method: str, result: object) -> list[str]:
        """Return what is wrong with a method's result; nothing where it is as published."""
        return self.any_of(result, self.returns[method], method)

    def any_of(self, value: object, kinds: list[str], place: str) -> list[str]:
        """Return the faults of the type that fits a value best."""
        tried = [self.faults(value, kind, place) for kind in kinds]
        return min(tried, key=len)

    def faults(self, value: object, kind: str, place: str) -> list[str]:
        """Return the faults of a value as one type."""
        if kind.startswith("Array of "):
            if not isinstance(value, list):
                return [f"{place}: no array"]
            inner = kind.removeprefix("Array of ")
            return [
                fault
                for index, item in enumerate(value)
                for fault in self.faults(item, inner, f"{place}[{index}]")
            ]
        if kind in PLAIN:
            fits = isinstance(value, PLAIN[kind]) and (kind == "Boolean") == (
                isinstance(value, bool)
            )
            return [] if fits else [f"{place}: {value!r} is no {kind}"]
        if kind == "InputFile":
            return [] if isinstance(value, str) else [f"{place}: no file"]
        if kind in self.subtypes:
            return self.any_of(value, self.subtypes[kind], place)
        return self.object_faults(value, kind, place)

    def object_faults(self, value: object, kind: str, place: str) -> list[str]:
        """Return the faults of an object: fields missing, unknown, or of another type."""
        if not isinstance(value, Mapping):
            return [f"{place}: no {kind}"]
        fields = self.types[kind]
        faults = [f"{place}: {kind} has no {name}" for name in value if name not in fields]
        for name, field in fields.items():
            if name in value:
                faults += self.any_of(value[name], field.types, f"{place}.{name}")
            elif field.required:
                faults.append(f"{place}: {kind} lacks {name}")
        return faults


@cache
def published() -> Spec:
    """Return the published description."""
    return Spec(json.loads(HERE.read_text(encoding="utf-8")))
