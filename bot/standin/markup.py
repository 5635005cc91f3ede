"""Keyboards under a message, checked as the server checks them."""

from collections.abc import Mapping
from urllib.parse import urlparse

from bot.standin.errors import Json, bad_request
from bot.standin.styled import units

LONGEST_DATA = 64  # bytes; Bot API reference, InlineKeyboardButton
MOST_BUTTONS = 100
STYLES = frozenset({"danger", "success", "primary"})
INLINE_ACTIONS = ("url", "callback_data", "web_app", "copy_text", "switch_inline_query")
REPLY_KINDS = ("keyboard", "remove_keyboard", "force_reply")
BROKEN = "can't parse inline keyboard button"
COPIED = ("text", "url", "callback_data", "switch_inline_query", "style", "icon_custom_emoji_id")


def checked(markup: Mapping[str, object] | None, *, private: bool) -> Json | None:
    """Return a keyboard with the fields the server knows, None where there is none.

    Raises:
        Refusal: 400 for what Telegram does not accept, web apps in a group among it.
    """
    if not markup:
        return None
    if "inline_keyboard" in markup:
        rows = [
            [inline_button(button, private=private) for button in row]
            for row in rows_of(markup["inline_keyboard"], "inline_keyboard")
            if row
        ]
        if sum(map(len, rows)) > MOST_BUTTONS:
            raise bad_request("reply markup is too long")
        return {"inline_keyboard": rows} if rows else None
    if "keyboard" in markup:
        rows = [
            [reply_button(button, private=private) for button in row]
            for row in rows_of(markup["keyboard"], "keyboard")
        ]
        return dict(markup) | {"keyboard": rows}
    if not any(kind in markup for kind in REPLY_KINDS):
        return None
    return dict(markup)


def rows_of(value: object, name: str) -> list[list[object]]:
    """Return rows of buttons."""
    if not isinstance(value, list) or not all(isinstance(row, list) for row in value):
        raise bad_request(f'field "{name}" must be an Array of Arrays')
    return value


def inline_button(button: object, *, private: bool) -> Json:
    """Return one button of an inline keyboard."""
    if not isinstance(button, Mapping):
        raise bad_request(f"{BROKEN}: InlineKeyboardButton must be an Object")
    check_label(button)
    if not any(button.get(action) is not None for action in INLINE_ACTIONS):
        raise bad_request(f"{BROKEN}: Text buttons are unallowed in the inline keyboard")
    result: Json = {name: button[name] for name in COPIED if button.get(name)}
    if not all(isinstance(value, str) for value in result.values()):
        raise bad_request(f"{BROKEN}: a field must be of type String")
    for name in ("web_app", "copy_text"):
        if isinstance(button.get(name), Mapping):
            result[name] = dict(button[name])
    if "callback_data" in result and len(result["callback_data"].encode()) > LONGEST_DATA:
        raise bad_request("BUTTON_DATA_INVALID")
    if "url" in result:
        check_link(result["url"])
    if "web_app" in result:
        check_app(result["web_app"], private=private)
    return result


def check_label(button: Mapping[str, object]) -> None:
    """Refuse a button without a text, or of a colour there is not."""
    text = button.get("text")
    if not isinstance(text, str):
        raise bad_request(f'{BROKEN}: Can\'t find field "text"')
    if not text.strip():
        raise bad_request("inline keyboard button text must be non-empty")
    if button.get("style") and button["style"] not in STYLES:
        raise bad_request(f"{BROKEN}: invalid button style specified")


def check_link(link: str) -> None:
    """Refuse a link that leads nowhere."""
    parts = urlparse(link if "://" in link else f"http://{link}")
    named = parts.hostname and ("." in parts.hostname or parts.scheme == "tg")
    if parts.scheme not in ("http", "https", "tg", "ton") or not named:
        raise bad_request(f"inline keyboard button URL '{link}' is invalid: Wrong HTTP URL")


def check_app(app: Json, *, private: bool) -> None:
    """Refuse a web app outside a private chat, and one that is not served by HTTPS."""
    link = str(app.get("url", ""))
    if not link.startswith("https://"):
        raise bad_request(
            f"inline keyboard button Web App URL '{link}' is invalid: Only HTTPS links are allowed"
        )
    if not private:
        raise bad_request("BUTTON_TYPE_INVALID")


def reply_button(button: object, *, private: bool) -> Json:
    """Return one key of a reply keyboard."""
    if isinstance(button, str):
        button = {"text": button}
    if not isinstance(button, Mapping):
        raise bad_request(
            "can't parse keyboard button: KeyboardButton must be a String or an Object"
        )
    text = button.get("text")
    if not isinstance(text, str) or not units(text):
        raise bad_request("keyboard button text must be non-empty")
    if not private and any(key.startswith("request_") or key == "web_app" for key in button):
        raise bad_request("BUTTON_TYPE_INVALID")
    return dict(button)
