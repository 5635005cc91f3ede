"""Staff at the board: each with a browser of their own, through the real server."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlparse

from aiohttp import ClientResponse, ClientSession, CookieJar
from aiohttp.test_utils import TestServer
from clinic import Journey, a_journey

from bot.standin.people import Person

FORM = re.compile(r'<form method="post" action="(?P<path>[^"]*)".*?</form>', re.DOTALL)
HIDDEN = re.compile(r'<input type="hidden" name="(?P<name>\w+)" value="(?P<value>[^"]*)">')


class Browser:
    """Somebody's browser: what it shows, and what can be pressed there."""

    def __init__(self, session: ClientSession, server: TestServer) -> None:
        self.session, self.server = session, server

    async def get(self, path: str, **headers: str) -> tuple[int, str]:
        """Open a page; return its status and text."""
        async with self.session.get(self.server.make_url(path), headers=headers) as response:
            return response.status, await response.text(errors="replace")

    async def reads(self, path: str, status: int = 200) -> str:
        """Open a page that answers so; return its text."""
        answer, text = await self.get(path)
        assert answer == status, path
        return text

    async def answer(self, path: str) -> ClientResponse:
        """Open a page, and return all of the answer."""
        response = await self.session.get(self.server.make_url(path))
        await response.read()
        return response

    async def post(self, path: str, **fields: str) -> tuple[int, str]:
        """Send a form."""
        url = self.server.make_url(path)
        async with self.session.post(url, data=fields) as response:
            return response.status, await response.text()

    async def form(self, page: str, action: str) -> dict[str, str]:
        """Return what the form of a page that leads to this address brings."""
        _, text = await self.get(page)
        found = next(one for one in FORM.finditer(text) if one["path"] == action)
        return {one["name"]: one["value"] for one in HIDDEN.finditer(found[0])}

    async def presses(self, act: str, key: str, page: str = "/board") -> tuple[int, str]:
        """Press a button of an alert as a page shows it."""
        act, _, option = act.partition(".")
        path = f"/board/alert/{key}/{act}"
        _, text = await self.get(page)
        for one in FORM.finditer(text):
            fields = {hidden["name"]: hidden["value"] for hidden in HIDDEN.finditer(one[0])}
            if one["path"] == path and (
                not option or fields.get("option", "").partition(".")[0] == option
            ):
                return await self.post(path, **fields)
        raise AssertionError(f"no form for {act} of {key} on {page}")


class AtTheBoard:
    """A clinic's story, and its people's browsers."""

    def __init__(self, journey: Journey, server: TestServer) -> None:
        self.journey, self.server, self.port = journey, server, server.port
        self.sessions: list[ClientSession] = []

    def browser(self) -> Browser:
        """Return a browser that nobody has used."""
        session = ClientSession(cookie_jar=CookieJar(unsafe=True))
        self.sessions.append(session)
        return Browser(session, self.server)

    async def link(self, person: Person) -> str:
        """Let somebody ask for a link in their own chat, and return its path."""
        await self.journey.writes(person, "/board")
        chat = person.chat_with(self.journey.bot)
        keyboards = [message.markup for message in chat.standing() if message.markup]
        button = keyboards[-1]["inline_keyboard"][0][0]
        return urlparse(button["url"]).path

    async def enters(self, person: Person) -> Browser:
        """Let somebody open the board with a link."""
        browser = self.browser()
        status, text = await browser.post(await self.link(person))
        assert status == 200
        assert "<h1>Now</h1>" in text
        return browser

    async def stops(self) -> None:
        """Let nobody answer at the board's address any more."""
        await self.server.close()

    async def starts_again(self) -> None:
        """Serve the board again, at the same address."""
        self.server = TestServer(self.journey.app.web(), port=self.port)
        await self.server.start_server()

    async def alerts(self) -> list[dict[str, object]]:
        """Return every alert's row."""
        return [dict(row) for row in await self.journey.rows("SELECT * FROM alert ORDER BY key")]


@asynccontextmanager
async def at_the_board(journey: Journey) -> AsyncIterator[AtTheBoard]:
    """Serve the bot's web application, as `aftercheck run` does."""
    async with TestServer(journey.app.web()) as server:
        found = AtTheBoard(journey, server)
        try:
            yield found
        finally:
            for session in found.sessions:
                await session.close()
            await found.server.close()


@asynccontextmanager
async def a_busy_clinic(path) -> AsyncIterator[AtTheBoard]:
    """Give a clinic with an emergency and a fever."""
    async with a_journey(path, board_url="http://127.0.0.1:1") as journey:
        await journey.starts_private(journey.ben, journey.cleo)
        await journey.enrolled(journey.anna)
        await journey.enrolled(journey.omar, hours_ago=30)
        await journey.reports(journey.anna, "One of these", "Trouble breathing")
        await journey.reports(journey.omar, "I have symptoms", "Fever", "Done")
        await journey.writes(journey.omar, "38.6")
        async with at_the_board(journey) as clinic:
            yield clinic


async def two_fall_ill(clinic: AtTheBoard) -> None:
    """Let Anna have a fever, and Omar not say which of the warning signs he has."""
    journey = clinic.journey
    await journey.enrolled(journey.anna)
    await journey.enrolled(journey.omar, hours_ago=30)
    await journey.reports(journey.anna, "I have symptoms", "Fever", "Done")
    await journey.writes(journey.anna, "39.2")
    await journey.reports(journey.omar, "One of these")
