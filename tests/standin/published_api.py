"""Checks requests and answers against the published description of the Bot API.

The description is `api.json` of PaulSonOfLars/telegram-bot-api-spec (MIT). It is not part of
the project; a test that needs it says so where it is not there.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path

from bot.standin.errors import Json

SPEC_VARIABLE = "TELEGRAM_API_SPEC"
PLAIN: dict[str, type] = {"String": str, "Boolean": bool, "Integer": int, "Float": float}


class Spec:
    """The methods and types of the Bot API."""

    def __init__(self, path: Path) -> None:
        described: Json = json.loads(path.read_text(encoding="utf-8"))
        self.methods: Json = described["methods"]
        self.types: Json = described["types"]

    def parameters(self, method: str) -> set[str]:
        """Return the names of a method's parameters."""
        return {field["name"] for field in self.methods[method].get("fields", [])}

    def request_faults(self, method: str, values: Mapping[str, object]) -> list[str]:
        """Return what is wrong with a request whose values are already of JSON types."""
        fields = {field["name"]: field for field in self.methods[method].get("fields", [])}
        faults = [f"{method}: unknown {name}" for name in values if name not in fields]
        for name, field in fields.items():
            if name in values:
                faults += self.any_of(values[name], field["types"], f"{method}.{name}")
            elif field["required"]:
                faults.append(f"{method}: {name} is missing")
        return faults

    def result_faults(self, method: str, result: object) -> list[str]:
        """Return what is wrong with a method's result; nothing where it is as published."""
        return self.any_of(result, self.methods[method]["returns"], method)

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
        subtypes = self.types[kind].get("subtypes")
        if subtypes:
            return self.any_of(value, subtypes, place)
        return self.object_faults(value, kind, place)

    def object_faults(self, value: object, kind: str, place: str) -> list[str]:
        """Return the faults of an object: fields missing, unknown, or of another type."""
        if not isinstance(value, Mapping):
            return [f"{place}: no {kind}"]
        fields = {field["name"]: field for field in self.types[kind].get("fields", [])}
        faults = [f"{place}: {kind} has no {name}" for name in value if name not in fields]
        for name, field in fields.items():
            if name in value:
                faults += self.any_of(value[name], field["types"], f"{place}.{name}")
            elif field["required"]:
                faults.append(f"{place}: {kind} lacks {name}")
        return faults


def spec_path(*candidates: Path) -> Path | None:
    """Return where the description lies: where `TELEGRAM_API_SPEC` says, or one of some places."""
    named = os.environ.get(SPEC_VARIABLE)
    for path in [Path(named)] if named else candidates:
        if path.is_file():
            return path
    return None
