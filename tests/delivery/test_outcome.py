"""Every way in which a call ends, and what that means."""

from datetime import timedelta

import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.delivery.outcome import Kind, NotSent, Refused, Retry, Sent, Unknown, arrived, failed
from bot.transport import NotSentError, UnreadableAnswerError


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (RetryAfter(7), Retry(7.0)),
        (RetryAfter(timedelta(seconds=7)), Retry(7.0)),
        (NotSentError("no connection"), NotSent("no connection")),
        (InvalidToken("Unauthorized"), NotSent("Unauthorized")),
        (EndPointNotFound("no endpoint"), NotSent("no endpoint")),
        (TimedOut("no answer"), Unknown("no answer")),
        (NetworkError("Bad Gateway"), Unknown("Bad Gateway")),
        (UnreadableAnswerError("no answer of the Bot API"), Unknown("no answer of the Bot API")),
        (Conflict("two of them"), Unknown("Conflict")),
        (TelegramError("?"), Unknown("TelegramError")),
        (KeyError("result"), Unknown("KeyError")),
    ],
    ids=lambda one: type(one).__name__,
)
def test_what_an_exception_means(error, outcome) -> None:
    assert failed(error) == outcome


def test_a_group_that_moved_says_where_to() -> None:
    outcome = failed(ChatMigrated(-100_7))
    assert isinstance(outcome, Refused)
    assert (outcome.kind, outcome.new_chat_id) == (Kind.MIGRATED, -100_7)


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("bot was blocked by the user", Kind.BLOCKED),
        ("user is deactivated", Kind.DEACTIVATED),
        ("bot was kicked from the supergroup chat", Kind.NOT_MEMBER),
        ("bot is not a member of the supergroup chat", Kind.NOT_MEMBER),
        ("bot can't initiate conversation with a user", Kind.NOT_MEMBER),
    ],
)
def test_what_forbidden_means(words, kind) -> None:
    assert failed(Forbidden(f"Forbidden: {words}")).kind == kind


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("message is not modified: specified new message content and…", Kind.NOT_MODIFIED),
        ("message to edit not found", Kind.GONE),
        ("message can't be edited", Kind.GONE),
        ("query is too old and response timeout expired or query ID is invalid", Kind.GONE),
        ("message thread not found", Kind.THREAD_GONE),
        ("TOPIC_CLOSED", Kind.THREAD_GONE),
        ("message to be replied not found", Kind.REPLY_GONE),
        ("message is too long", Kind.BAD_TEXT),
        ("message caption is too long", Kind.BAD_TEXT),
        ("can't parse entities: unsupported start tag", Kind.BAD_TEXT),
        ("not enough rights to send text messages to the chat", Kind.NOT_MEMBER),
        ("chat not found", Kind.NOT_MEMBER),
        ("BUTTON_DATA_INVALID", Kind.OTHER),
    ],
)
def test_what_a_bad_request_means(words, kind) -> None:
    assert failed(BadRequest(words)) == Refused(kind, BadRequest(words).message)


def test_a_new_message_has_a_number_and_a_flag_has_none() -> None:
    assert arrived({"message_id": 5}) == Sent(5, {"message_id": 5})
    assert arrived(True) == Sent(None, True)  # noqa: FBT003 - what deleteMessage returns
    assert arrived([{"message_id": 5}]).message_id is None
