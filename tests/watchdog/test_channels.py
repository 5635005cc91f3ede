"""The staff chat past the outbox, an e-mail, a webhook: what each is told."""

from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from mail_server import a_mailbox

from bench.reliability.kennel import a_kennel
from bot.settings import settings
from bot.watchdog.causes import Item
from bot.watchdog.channels import Mail, NotTakenError, Webhook, lines, second_channels

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
DISK = Item("disk", "begins", "Only 9% of the disk is free.", NOON)
UNTAKEN = Item("untaken:A7K2-1", "lasts", "A7K2-1 (urgent): nobody has taken it.", NOON)
OVER = Item("poll", "over", "Telegram has not answered.", NOON)


def said(when: datetime) -> str:
    return f"{when:%H:%M}"


def test_what_is_over_comes_last_and_what_lasts_says_since_when() -> None:
    assert lines([OVER, DISK, UNTAKEN], said) == [
        "⚠️ Only 9% of the disk is free.",
        "⚠️ Still: A7K2-1 (urgent): nobody has taken it. (since 12:00)",
        "✓ Over: Telegram has not answered. (since 12:00)",
    ]


def test_very_many_fit_into_one_message() -> None:
    items = [UNTAKEN._replace(cause=f"untaken:{n}", sentence="x" * 900) for n in range(200)]
    text = lines(items, said)
    assert text[-1] == "and 185 more"
    assert len("\n".join(text)) < 4096


async def test_a_sentence_of_several_lines_is_one_and_may_stand_in_a_subject() -> None:
    damaged = DISK._replace(sentence="The file is damaged (*** in main ***\nPage 3: never used).")
    mail = Mail("smtp://x", "ben@example.org", "Clinic", said).message([damaged])
    assert mail["Subject"].endswith("(*** in main *** Page 3: never used).")


async def test_an_e_mail_says_it_and_who_sent_it() -> None:
    async with a_mailbox() as box:
        url = f"smtp://watch%40example.org:secret@127.0.0.1:{box.port}"
        await Mail(url, "ben@example.org, it@example.org", "Clinic Sunrise", said).tell([UNTAKEN])
    [mail] = box.mails
    assert mail["From"] == "watch@example.org"
    assert mail["To"] == "ben@example.org, it@example.org"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert len(box.users) == 1


async def test_a_mail_server_that_refuses_or_is_not_there_has_taken_nothing() -> None:
    async with a_mailbox() as box:
        box.refuses = "552 full"
        mail = Mail(f"smtp://127.0.0.1:{box.port}", "ben@example.org", "Clinic", said)
        with pytest.raises(NotTakenError):
            await mail.tell([DISK])
    for gone in ("smtp://127.0.0.1:9", "smtps://127.0.0.1:9", "smtp://127.0.0.1:none"):
        with pytest.raises(NotTakenError) as error:
            await Mail(gone, "ben@example.org", "Clinic", said).tell([DISK])
        assert "127.0.0.1" not in str(error.value)


async def test_a_webhook_gets_a_key_that_is_the_same_as_long_as_the_trouble() -> None:
    got = []

    async def hook(request: web.Request) -> web.Response:
        got.append(await request.json())
        return web.Response(status=200 if len(got) < 3 else 500)

    app = web.Application()
    app.router.add_post("/", hook)
    async with TestServer(app) as server:
        channel = Webhook(str(server.make_url("/")), "Clinic Sunrise", said)
        await channel.tell([DISK])
        await channel.tell([DISK._replace(what="over")])
        with pytest.raises(NotTakenError, match="500"):
            await channel.tell([DISK])
    keys = [one["troubles"][0]["key"] for one in got]
    assert len(set(keys)) == 1
    assert [one["troubles"][0]["state"] for one in got] == ["begins", "over", "begins"]
    assert got[0]["clinic"] == "Clinic Sunrise"
    with pytest.raises(NotTakenError):
        await Webhook("http://127.0.0.1:9", "Clinic", said).tell([DISK])


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ({}, []),
        ({"alert_email": "a@b.c", "smtp_url": "smtps://x"}, ["mail"]),
        ({"alert_webhook_url": "https://x"}, ["webhook"]),
        ({"alert_email": "a@b.c", "smtp_url": "smtp://x", "alert_webhook_url": "https://x"},
         ["mail", "webhook"]),
    ],
)  # fmt: skip
def test_the_second_channel_is_what_is_set(given, names) -> None:
    known = settings(_env_file=None, **given)
    assert [one.name for one in second_channels(known, said)] == names
    assert known.second_channel_faults() == []


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"alert_email": "a@b.c"}, "go together"),
        ({"smtp_url": "smtp://x"}, "go together"),
        ({"alert_email": "a@b.c", "smtp_url": "mail.example.org"}, "begins with smtps://"),
        ({"alert_webhook_url": "example.org"}, "begins with https://"),
        ({"staff_chat_id": -5, "silent_chat_id": -5}, "another one"),
        ({"silent_chat_id": 5}, "a person's chat"),
    ],
)
def test_a_second_channel_that_would_not_work_keeps_the_bot_from_starting(given, fault) -> None:
    [sentence] = settings(_env_file=None, **given).second_channel_faults()
    assert fault in sentence
    assert sentence in settings(_env_file=None, **given).missing()


@pytest.mark.hazard("H08")
async def test_a_group_that_refuses_is_told_in_private_instead() -> None:
    async with a_kennel() as kennel:
        kennel.staff.removes(kennel.bot)
        await kennel.turn()
        for person in (kennel.ben, kennel.cleo):
            private = [seen.text for seen in person.sees(person.chat_with(kennel.bot))]
            assert any("staff chat cannot be found" in text for text in private)


async def test_a_group_that_moved_is_followed() -> None:
    async with a_kennel() as kennel:
        group = kennel.world.group("Old", kennel.ben, kennel.cleo)
        group.adds(kennel.bot)
        [staff_chat, *_] = kennel.app.watchdog.channels

        async def old() -> int:
            return group.id

        staff_chat.chat = old  # type: ignore[attr-defined]
        moved = group.migrate()
        await staff_chat.tell([DISK])
        assert kennel.ben.sees(moved)[-1].text == "⚠️ Only 9% of the disk is free."


async def test_a_watchdog_that_is_restarted_says_nothing_twice() -> None:
    async with a_kennel() as kennel:
        kennel.app.watchdog.at.free = lambda _folder: 0.05
        await kennel.turns(timedelta(minutes=2))
        assert len(kennel.told) == 1
        kennel.app.watchdog.ledger = None
        await kennel.turns(timedelta(minutes=2))
        assert len(kennel.told) == 1
