"""A clinic with a mail server: the bot, its stand-in for Telegram, and SMTP over a socket."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.test_utils import TestServer
from mail_server import Mailbox

from bench.reliability.ward import Ward, a_ward, press
from bot.staff import channels
from bot.standin.people import Person
from flows.second_channel import Address
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


@dataclass
class Service:
    """An on-call service's web address; `got` is what it took, `says` its next answers' status."""

    url: str = ""
    says: int = 200
    got: list[dict[str, str]] = field(default_factory=list)

    async def hears(self, request: web.Request) -> web.Response:
        if self.says // 100 == 2:
            self.got.append(await request.json())
        return web.Response(status=self.says)


@asynccontextmanager
async def a_service() -> AsyncIterator[Service]:
    """Give an on-call service that listens."""
    service, app = Service(), web.Application()
    app.router.add_post("/", service.hears)
    async with TestServer(app) as server:
        service.url = str(server.make_url("/"))
        yield service


async def confirms_service(ward: Ward, service: Service, person: Person) -> None:
    """Set a service as a second channel as whoever runs the bot does, and confirm it."""
    member = await ward.app.database.run(lambda: clinic.member(person.id))
    office, now, address = ward.app.office, ward.clock.now(), Address("webhook", service.url)
    await ward.app.database.run(lambda: channels.changed(office, member, address, now))
    await ward.settle()
    found = CODE.search(service.got.pop()["text"])
    assert found is not None
    assert "is confirmed" in await writes(ward, person, f"/roster confirm {found[1].lower()}")


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
