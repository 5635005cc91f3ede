"""What the server refuses, and what Telegram's own clients would not let a person do."""

from typing import Any

Json = dict[str, Any]


class Refusal(Exception):  # noqa: N818 - an answer of the Bot API, not a fault of the program
    """The Bot API's answer to a request that it does not carry out."""

    def __init__(
        self, code: int, description: str, parameters: dict[str, int] | None = None
    ) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    @property
    def body(self) -> Json:
        """The JSON object that the server sends back, with this code as its HTTP status."""
        body: Json = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


def bad_request(reason: str) -> Refusal:
    """Return a 400; a sentence loses its capital, a code such as `QUERY_ID_INVALID` does not.

    The rule is `fail_query_with_error` of the official server's Client.cpp.
    """
    is_code = len(reason) > 1 and (reason[1] == "_" or "A" <= reason[1] <= "Z")
    return Refusal(400, f"Bad Request: {reason if is_code else reason[:1].lower() + reason[1:]}")


def forbidden(reason: str) -> Refusal:
    """Return a 403: the bot may not write there, and trying again will not help."""
    return Refusal(403, f"Forbidden: {reason}")


def conflict(reason: str) -> Refusal:
    """Return a 409: two receivers want the same updates."""
    return Refusal(409, f"Conflict: {reason}")


def too_many(seconds: int) -> Refusal:
    """Return a 429 with the seconds (at least one) after which the call may be repeated."""
    return Refusal(
        429, f"Too Many Requests: retry after {seconds}", {"retry_after": max(1, seconds)}
    )


class UnfairError(Exception):
    """Somebody tried what Telegram's own clients would not let them do."""


class ButtonGoneError(UnfairError):
    """The button is no longer, or never was, under this message."""


class MessageGoneError(UnfairError):
    """The message was deleted, or is somebody else's, or never was in this chat."""


class NotInChatError(UnfairError):
    """The person is not in this chat, or it was upgraded and is closed."""


class NotStartedError(UnfairError):
    """The person has not pressed START in this bot's chat, or has blocked the bot."""


class NotAllowedError(UnfairError):
    """Telegram does not offer this to the person: not enough rights, or protected content."""
