"""Which parameters each method takes notice of, and of which type they are.

The official server ignores what it does not know; so does this one, and counts it.
"""

import json
import re
from collections.abc import Mapping
from typing import Literal

from bot.standin.errors import bad_request
from bot.standin.files import Upload

Type = Literal["Integer", "String", "Boolean", "ChatId", "Object", "Array", "File"]

SENDING: dict[str, Type] = {
    "chat_id": "ChatId", "message_thread_id": "Integer", "disable_notification": "Boolean",
    "protect_content": "Boolean", "reply_parameters": "Object", "reply_markup": "Object",
}  # fmt: skip
CAPTION: dict[str, Type] = {
    "caption": "String", "parse_mode": "String", "caption_entities": "Array",
}  # fmt: skip
TEXT: dict[str, Type] = {
    "text": "String", "parse_mode": "String", "entities": "Array",
    "link_preview_options": "Object",
}  # fmt: skip
PLACE: dict[str, Type] = {"chat_id": "ChatId", "message_id": "Integer"}
MENU: dict[str, Type] = {"scope": "Object", "language_code": "String"}

PARAMETERS: dict[str, dict[str, Type]] = {
    "getMe": {},
    "getUpdates": {
        "offset": "Integer", "limit": "Integer", "timeout": "Integer", "allowed_updates": "Array",
    },
    "setWebhook": {
        "url": "String", "max_connections": "Integer", "allowed_updates": "Array",
        "drop_pending_updates": "Boolean", "secret_token": "String", "ip_address": "String",
    },
    "deleteWebhook": {"drop_pending_updates": "Boolean"},
    "getWebhookInfo": {},
    "sendMessage": SENDING | TEXT,
    "sendPhoto": SENDING | CAPTION | {"photo": "File"},
    "sendDocument": SENDING | CAPTION | {"document": "File"},
    "sendMediaGroup": {
        "chat_id": "ChatId", "message_thread_id": "Integer", "media": "Array",
        "disable_notification": "Boolean", "protect_content": "Boolean",
        "reply_parameters": "Object",
    },
    "editMessageText": PLACE | TEXT | {"reply_markup": "Object"},
    "editMessageReplyMarkup": PLACE | {"reply_markup": "Object"},
    "deleteMessage": PLACE,
    "pinChatMessage": PLACE | {"disable_notification": "Boolean"},
    "answerCallbackQuery": {
        "callback_query_id": "String", "text": "String", "show_alert": "Boolean",
        "url": "String", "cache_time": "Integer",
    },
    "getFile": {"file_id": "String"},
    "setMyCommands": MENU | {"commands": "Array"},
    "getMyCommands": MENU,
    "deleteMyCommands": MENU,
    "setMyDescription": {"description": "String", "language_code": "String"},
    "getMyDescription": {"language_code": "String"},
    "getChat": {"chat_id": "ChatId"},
    "getChatMember": {"chat_id": "ChatId", "user_id": "Integer"},
    "getChatAdministrators": {"chat_id": "ChatId", "return_bots": "Boolean"},
    "leaveChat": {"chat_id": "ChatId"},
    "sendChatAction": {"chat_id": "ChatId", "message_thread_id": "Integer", "action": "String"},
    "createForumTopic": {"chat_id": "ChatId", "name": "String", "icon_color": "Integer"},
}  # fmt: skip

METHODS = {method.lower(): method for method in PARAMETERS}
WHOLE = re.compile(r"-?\d{1,19}")
WORDS: dict[str, bool] = {
    "true": True, "yes": True, "1": True, "false": False, "no": False, "0": False,
}  # fmt: skip


class Arguments:
    """The arguments of one call, of the types that the method declares."""

    def __init__(self, values: Mapping[str, object], files: Mapping[str, Upload]) -> None:
        self.values = values
        self.files = files

    def text(self, name: str) -> str:
        """Return a string, empty where it is not given."""
        value = self.values.get(name)
        return value if isinstance(value, str) else ""

    def number(self, name: str, default: int = 0) -> int:
        """Return a whole number."""
        value = self.values.get(name)
        return value if isinstance(value, int) else default

    def within(self, name: str, default: int, lowest: int, highest: int) -> int:
        """Return a whole number moved into its range, as the official server does."""
        return min(highest, max(lowest, self.number(name, default)))

    def flag(self, name: str) -> bool:
        """Return a yes or no; no where it is not given."""
        return self.values.get(name) is True

    def fields(self, name: str) -> dict[str, object] | None:
        """Return a JSON object, None where it is not given."""
        value = self.values.get(name)
        return dict(value) if isinstance(value, Mapping) else None

    def items(self, name: str) -> list[object] | None:
        """Return a JSON array, None where it is not given."""
        value = self.values.get(name)
        return value if isinstance(value, list) else None


def typed(
    method: str, given: Mapping[str, object], files: Mapping[str, Upload]
) -> tuple[Arguments, list[str]]:
    """Return the arguments of a call, and the names that the method does not know.

    Raises:
        Refusal: 400 for a value of another type than the method declares.
    """
    declared = PARAMETERS[method]
    values = {
        name: as_type(name, declared[name], value)
        for name, value in given.items()
        if name in declared and value is not None and value != ""
    }
    ignored = [name for name in given if name not in declared]
    return Arguments(values, files), ignored


def as_type(name: str, kind: Type, value: object) -> object:
    """Return a value as its declared type; a form's text may stand for any of them."""
    if kind in ("String", "File") and isinstance(value, str):
        return value
    if kind == "Boolean":
        flag = value if isinstance(value, bool) else WORDS.get(str(value).lower())
        if flag is not None:
            return flag
    if kind in ("Integer", "ChatId"):
        whole = isinstance(value, int) and not isinstance(value, bool)
        if whole or (isinstance(value, str) and WHOLE.fullmatch(value)):
            return int(str(value))
        if kind == "ChatId" and isinstance(value, str):
            return value
    if kind in ("Object", "Array"):
        return as_json(name, kind, value)
    raise bad_request(f'parameter "{name}" must be of type {kind}')


SPOKEN = {
    "reply_markup": "reply markup", "reply_parameters": "reply parameters",
    "link_preview_options": "link preview options", "scope": "BotCommandScope",
}  # fmt: skip


def as_json(name: str, kind: Type, value: object) -> object:
    """Return an object or array, read from a form's text where it is one."""
    spoken = SPOKEN.get(name, name)
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            long = "reply keyboard markup" if name == "reply_markup" else spoken
            raise bad_request(f"can't parse {long} JSON object") from None
    if kind == "Object" and not isinstance(value, dict):
        raise bad_request(f"object expected as {spoken}")
    if kind == "Array" and not isinstance(value, list):
        raise bad_request(f"expected an Array as {spoken}")
    return value
