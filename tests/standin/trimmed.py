"""Makes `bot_api.json` of a newer description of the Bot API.

    PYTHONPATH=. python tests/standin/trimmed.py FILE

The file is `api.json` of https://github.com/PaulSonOfLars/telegram-bot-api-spec, read from
Telegram's own page. Of it are kept the methods that the stand-in serves, and the types of what
they take and return; no sentence is.
"""

import json
import sys
from pathlib import Path

from published_api import EITHER, HERE, OPTIONAL, PLAIN

from bot.standin.errors import Json
from bot.standin.parameters import PARAMETERS

ABOUT = {
    "source": "https://github.com/PaulSonOfLars/telegram-bot-api-spec, api.json",
    "licence": "MIT; its text is in bot_api.LICENSE",
    "changes": "cut by trimmed.py to the methods of the stand-in and their types, no sentences",
}


def fields_in(one: Json) -> dict[str, str]:
    """Return the fields as `{"chat_id": "Integer | String", "message_thread_id?": "Integer"}`."""
    return {
        field["name"] + ("" if field["required"] else OPTIONAL): EITHER.join(field["types"])
        for field in one.get("fields", [])
    }


def named_in(one: Json) -> set[str]:
    """Return the types that a method or a type names."""
    kinds = {kind for field in one.get("fields", []) for kind in field["types"]}
    kinds |= {*one.get("returns", []), *one.get("subtypes", [])}
    return {kind.split("Array of ")[-1] for kind in kinds} - {*PLAIN, "InputFile"}


def trimmed(described: Json) -> Json:
    """Return what of a description the checks read."""
    methods = {name: described["methods"][name] for name in sorted(PARAMETERS)}
    kept: set[str] = set()
    found = {kind for one in methods.values() for kind in named_in(one)}
    while found:
        kept |= found
        found = {kind for name in found for kind in named_in(described["types"][name])} - kept
    types = {name: described["types"][name] for name in sorted(kept)}
    return {
        "about": ABOUT | {"version": described["version"], "of": described["release_date"]},
        "methods": {
            name: {"returns": one["returns"], "fields": fields_in(one)}
            for name, one in methods.items()
        },
        "types": {name: one.get("subtypes") or fields_in(one) for name, one in types.items()},
    }


def lines(made: Json) -> str:
    """Return it as JSON with a line for each method and each type."""
    parts = []
    for part, content in made.items():
        inner = ",\n".join(
            f"  {json.dumps(name)}: {json.dumps(one)}" for name, one in content.items()
        )
        parts.append(f"{json.dumps(part)}: {{\n{inner}\n}}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    given = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    HERE.write_text(lines(trimmed(given)), encoding="utf-8")
