"""Marking a repeat, and mending what Telegram refused."""

import pytest
from test_settling import NOW

from bot.delivery.outcome import Kind
from bot.delivery.parcel import Prepared, cut, marked, mended, units
from storage.outbox_rows import Lane, OutboxRow


def row(*, unheard: bool = True, attempts: int = 1) -> OutboxRow:
    return OutboxRow(1, 1, Lane.ALERT, 7, "card", {}, None, None, attempts, NOW, unheard)


def test_a_repeat_says_which_it_is() -> None:
    said = Prepared("sendMessage", {"text": "Anna is ill"})
    assert marked(said, [row(), row(attempts=3)]).payload["text"] == "Anna is ill\n\nrepeat 4"
    assert marked(said, [row(unheard=False)]) == said
    photo = Prepared("sendPhoto", {"caption": "arm"})
    assert marked(photo, [row()]).payload["caption"] == "arm\n\nrepeat 2"


@pytest.mark.parametrize(
    "payload", [{"text": "x" * 4090}, {"caption": "x" * 1020}, {"action": "typing"}]
)
def test_a_mark_never_makes_a_text_too_long(payload) -> None:
    assert marked(Prepared("any", payload), [row()]).payload == payload


def test_what_is_gone_is_left_out() -> None:
    call = Prepared("sendMessage", {"text": "x", "message_thread_id": 9, "reply_parameters": {}})
    assert mended(call, Kind.THREAD_GONE).payload == {"text": "x", "reply_parameters": {}}
    assert mended(call, Kind.REPLY_GONE).payload == {"text": "x", "message_thread_id": 9}
    assert mended(Prepared("sendMessage", {"text": "x"}), Kind.THREAD_GONE) is None
    assert mended(call, Kind.BLOCKED) is None


def test_a_text_that_cannot_be_read_goes_plain() -> None:
    call = Prepared("sendMessage", {"text": "<b>T &gt; 38</b> a < b", "parse_mode": "HTML"})
    plain = mended(call, Kind.BAD_TEXT)
    assert plain.payload == {"text": "T > 38 a < b"}
    assert mended(plain, Kind.BAD_TEXT) is None


@pytest.mark.hazard("H37")
@pytest.mark.parametrize("letter", ["x", "é", "症", "🌡"])
def test_a_cut_text_fits_whatever_its_letters(letter) -> None:
    assert cut(letter * 10, 4096) == letter * 10
    short = cut(letter * 5000, 4096)
    assert 4094 <= units(short) <= 4096
    assert short.endswith(f"{letter} […]")
