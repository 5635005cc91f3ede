"""HTML made entities, offsets in UTF-16 units, and pictures measured."""

import struct

import pytest
from aiohttp import FormData
from pictures import png

from bot.standin import Refusal
from bot.standin.files import PHOTO_LIMIT, Files, Upload, dimensions
from bot.standin.html import Reader
from bot.standin.styled import Styled, detected, trimmed


def read(source: str) -> tuple[str, list[tuple[str, int, int]]]:
    styled = trimmed(Reader(source).styled())
    return styled.text, [(one["type"], one["offset"], one["length"]) for one in styled.entities]


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("plain &amp; &lt;simple&gt; &#39;x&#x27; &copy;", "plain & <simple> 'x' &copy;", []),
        ("<b>🌡</b>x", "🌡x", [("bold", 0, 2)]),
        ("🌡 <i>a<b>b</b></i>", "🌡 ab", [("italic", 3, 2), ("bold", 4, 1)]),
        (" <u>  a </u> ", "a", [("underline", 0, 1)]),
        ("<S>a</s><del></del>", "a", [("strikethrough", 0, 1)]),
        ('<span class="tg-spoiler">a</span>', "a", [("spoiler", 0, 1)]),
        ("<a href='https://e.org'>a</a><a href=\"x\">b</a>", "ab", [("text_link", 0, 1)]),
        ("<a href=tg://user?id=7>a</a>", "a", [("text_mention", 0, 1)]),
        ("<blockquote expandable>a</blockquote>", "a", [("expandable_blockquote", 0, 1)]),
        ('<pre><code class="language-py">a</code></pre>', "a", [("pre", 0, 1)]),
        ('<tg-emoji emoji-id="5">🌡</tg-emoji>', "🌡", [("custom_emoji", 0, 2)]),
        ("<b>a</>", "a", [("bold", 0, 1)]),
    ],
)
def test_html_is_read(source, text, entities) -> None:
    assert read(source) == (text, entities)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("é<x>", 'Unsupported start tag "x" at byte offset 2'),
        ("<b>a</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b>a</b", "Unclosed end tag at byte offset 4"),
        ("<b a", "Unclosed start tag at byte offset 0"),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_broken_html_is_refused(source, reason) -> None:
    with pytest.raises(Refusal) as refused:
        Reader(source).styled()
    assert refused.value.description == f"Bad Request: can't parse entities: {reason}"


def test_commands_links_and_mentions_are_found() -> None:
    styled = detected(Styled("🌡 /start a @anna_b https://e.org/x. a/b me@e.org"))
    assert [(one["type"], styled.part(one)) for one in styled.entities] == [
        ("bot_command", "/start"), ("mention", "@anna_b"), ("url", "https://e.org/x"),
    ]  # fmt: skip
    code = Styled("/start", ({"type": "code", "offset": 0, "length": 6},))
    assert detected(code) == code


async def test_a_mention_names_its_person_where_the_bot_knows_them(telegram, people, staff) -> None:
    def link(person):
        return f"<a href='tg://user?id={person.id}'>you</a>"

    text = f"{link(people.ben)} {link(people.anna)}"
    sent = await telegram.result("sendMessage", chat_id=staff.id, text=text, parse_mode="HTML")
    assert [one["user"]["first_name"] for one in sent["entities"]] == ["Ben"]
    entities = [{"type": "bold", "offset": 0, "length": 9, "url": None}]
    sent = await telegram.result("sendMessage", chat_id=staff.id, text="bold", entities=entities)
    assert sent["entities"] == [{"type": "bold", "offset": 0, "length": 4}]


def jpeg(*segments: bytes) -> bytes:
    return b"\xff\xd8" + b"".join(segments) + b"\0" * 20


def test_pictures_are_measured() -> None:
    comment = b"\xff\xfe\x00\x04ab"
    frame = b"\xff\xc0\x00\x11\x08" + struct.pack(">HH", 480, 640)
    assert dimensions(jpeg(comment, frame)) == (640, 480)
    assert dimensions(png(64, 32)) == (64, 32)
    assert [one.width for one in Files().photo(Upload("a.png", png(64, 32)))] == [64]


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"", "file must be non-empty"), (b"GIF89a", "IMAGE_PROCESS_FAILED"),
     (b"\xff\xd8\xff\xfe\x00\x04ab", "IMAGE_PROCESS_FAILED"),
     (b"x" * (PHOTO_LIMIT + 1), "too big for a photo")],
)  # fmt: skip
def test_what_is_no_photo(content, reason) -> None:
    with pytest.raises(Refusal, match=reason):
        Files().photo(Upload("a.jpg", content))


async def test_uploads_beyond_the_limits(telegram, people, monkeypatch) -> None:
    people.anna.starts(people.bot)
    monkeypatch.setattr("bot.standin.methods.sending.LARGEST_UPLOAD", 3)

    async def send(caption: str, content: bytes) -> dict:
        data = FormData({"chat_id": str(people.anna.id), "caption": caption})
        data.add_field("document", content, filename="a.bin")
        url = f"{telegram.address}/bot{telegram.token}/sendDocument"
        async with telegram.session.post(url, data=data) as response:
            return await response.json()

    assert (await send("x", b""))["description"] == "Bad Request: file must be non-empty"
    assert (await send("x", b"four"))["error_code"] == 413
    assert (await send("é" * 1024, b"abc"))["result"]["document"]["file_size"] == 3
    too_long = "Bad Request: message caption is too long"
    assert (await send("é" * 1025, b"abc"))["description"] == too_long
