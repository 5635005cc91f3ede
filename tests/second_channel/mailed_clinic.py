"""A clinic with a mail server: the bot, its stand-in for Telegram, and SMTP over a socket."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from mail_server import Mailbox

from bench.reliability.ward import Ward, a_ward, press
from bot.standin.people import Person
from storage import clinic

CODE = re.compile(r"/roster confirm ([A-Z0-9]{8})")
BENS = "ben@example.org"


@asynccontextmanager
async def a_clinic(box: Mailbox) -> AsyncIterator[Ward]:
    """Give a clinic with a mail server, and Anna in care."""
    url = f"smtp://watch%40example.org:secret@127.0.0.1:{box.port}"
    async with a_ward(smtp_url=url, alert_email="it@example.org") as ward:
        for person in (ward.ben, ward.cleo):
            person.starts(ward.bot)
        await ward.enrols(1)
        yield ward


async def writes(ward: Ward, person: Person, text: str) -> str:
    """Write to the bot in private; return what it says then."""
    chat = person.chat_with(ward.bot)
    person.types(chat, text)
    await ward.settle()
    return next(seen.text for seen in reversed(person.sees(chat)) if not seen.mine)


async def confirms(ward: Ward, box: Mailbox, person: Person, address: str) -> None:
    """Set a second channel, and confirm it by what arrives there."""
    await writes(ward, person, f"/roster channel {address}")
    found = CODE.search(box.mails.pop().get_payload())
    assert found is not None
    assert "is confirmed" in await writes(ward, person, f"/roster confirm {found[1]}")


async def is_in_danger(ward: Ward) -> str:
    """Let Anna press a warning sign; return her case's code."""
    anna = ward.patients[0].person
    chat = anna.chat_with(ward.bot)
    anna.types(chat, "/report")
    await ward.settle()
    for label in ("One of these", "rouble breathing"):
        press(anna, chat, label)
        await ward.settle()
    return ward.patients[0].code


def staff_chat(ward: Ward) -> list[str]:
    return [seen.text for seen in ward.cleo.sees(ward.staff)]


async def state(ward: Ward, person: Person) -> str:
    roster = await ward.app.database.read(clinic.roster)
    return next(one.channel for one in roster if one.id == person.id)
