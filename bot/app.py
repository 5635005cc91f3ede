"""The running bot, wired: database, intake, inbox worker, tick, sender, web server.

One way through: an update is stored, worked on in one transaction, and what it causes is sent.
`run` lets each part loop; `settle` goes round by hand, for tests and the demo.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from datetime import datetime
from functools import partial
from typing import Any, Final

from aiohttp import web
from telegram import Bot
from telegram.request import BaseRequest

from bot.board.web import add_board
from bot.clock import Clock
from bot.delivery.sender import Sender
from bot.health import Pulse, health_handler
from bot.inbox_worker import InboxWorker
from bot.intake import LARGEST_BODY, Intake, webhook
from bot.leader import STOP_SECONDS, Duty, Leader, cancelled
from bot.menus import set_menus
from bot.night import Night
from bot.office import Office
from bot.opening import opened
from bot.outage import after_stop
from bot.photos import PhotoFetcher
from bot.repeating import repeated
from bot.sending import senders
from bot.settings import Settings
from bot.tick import Tick
from bot.toasts import Toasts
from bot.transport import Transport
from bot.watchdog.clock_watch import ClockWatch
from bot.watchdog.setting_up import watchdog_of
from bot.watchdog.watching import Watchdog
from bot.way_in import WayIn, webhook_path
from flows.protocol import Protocol
from flows.staff_language import speak
from storage import due
from storage.condition import Backlog, backlog
from storage.due import DueRow
from storage.leading import leading_of
from storage.sealing import Keyring, clinic_key
from storage.transaction import Database
from storage.vault import Vault

LOGGER = logging.getLogger(__name__)
TICK_SECONDS: Final = 1
PHOTO_SECONDS: Final = 5
MINUTE: Final = 60
ROUNDS: Final = 200
"""So many rounds of `settle` at most: two that keep waking each other are a fault, not work."""


class Aftercheck:
    """One clinic's bot. `start` before anything else, `stop` at the end.

    `transport` makes each of its two ways to the Bot API.
    """

    def __init__(
        self, settings: Settings, database: Database, clock: Clock,
        transport: Callable[..., BaseRequest] = Transport,
    ) -> None:  # fmt: skip
        self.settings = settings
        speak(settings.staff_language)
        self.database = database
        self.clock = clock
        self.pulse = Pulse(clock.now())
        token = settings.telegram_bot_token.get_secret_value()
        address = settings.telegram_api_url.rstrip("/")
        self.ways = (transport(), transport(connections=1))
        self.bot = Bot(
            token, base_url=f"{address}/bot", base_file_url=f"{address}/file/bot",
            request=self.ways[0], get_updates_request=self.ways[1],
        )  # fmt: skip
        self.clock_watch = ClockWatch(clock)
        self.toasts = Toasts(self.bot)
        leading = leading_of(settings.database_url, self.heard)
        self.leader = Leader(leading, clock, self.pulse, self.takes_over)
        self.office: Office
        self.sender: Sender
        self.second_sender: Sender
        self.worker: InboxWorker
        self.intake: Intake
        self.way_in: WayIn
        self.tick: Tick
        self.photos: PhotoFetcher
        self.night: Night
        self.watchdog: Watchdog

    async def start(self, protocol: Protocol, protocol_text: str) -> None:
        """Open for work: keys, roster, menus, what an earlier process left undone.

        Raises:
            SealError: ENCRYPTION_KEY does not open this database.
            StorageError: the database cannot be used.
            TelegramError: the token is none, or Telegram cannot be reached.
        """
        keyring = Keyring.from_text(self.settings.encryption_key.get_secret_value())
        key = await self.database.run(lambda: clinic_key(keyring))
        self.office = Office(
            self.settings, Vault(keyring, key), protocol, protocol_text, self.settings.faq
        )  # fmt: skip
        await self.bot.initialize()
        await self.database.run(lambda: opened(self.office, self.bot.username, self.clock.now()))
        self.sender, self.second_sender = senders(
            self.office, self.database, self.clock, self.leader, self.bot
        )
        self.worker = InboxWorker(
            self.database, self.office, self.clock, self.toasts.answer, self.changed,
            is_shared=self.leader.leading.is_shared,
        )  # fmt: skip
        self.intake = Intake(self.database, key, self.clock, self.pulse, self.worker.submit)
        self.way_in = WayIn(
            self.bot, self.office, self.database, self.clock, self.pulse, self.intake, self.leader,
            self.changed,
        )  # fmt: skip
        self.tick = Tick(
            self.database, self.office, self.clock, self.pulse, self.changed,
            self.clock_watch.holds,
        )  # fmt: skip
        self.night = Night(self.database, self.office, self.clock)
        self.watchdog = watchdog_of(
            self.office, self.database, self.clock, self.pulse, self.bot.id, self.clock_watch,
            self.worker.submit,
        )  # fmt: skip
        self.photos = PhotoFetcher(self.database, self.office, self.bot, self.clock)
        await self.leader.look()
        await self.database.run(lambda: after_stop(self.office, self.clock.now()))
        staff_chat = await self.database.read(self.office.staff_chat)
        await asyncio.gather(
            set_menus(self.bot, staff_chat, self.office.protocol.protocol.languages),
            self.way_in.choose_if_reached(),
        )
        await self.worker.take_up()

    def web(self) -> web.Application:
        """Return the web server's application: health, and the webhook where there is one.

        Each route has the name of what it does in `permissions`.
        """
        app = web.Application(client_max_size=LARGEST_BODY)
        app.router.add_get(
            "/healthz", health_handler(self.pulse, self.backlog, self.clock.now), name="healthz"
        )
        if self.settings.webhook_url:
            secret = self.settings.webhook_secret.get_secret_value()
            app.router.add_post(webhook_path(secret), webhook(self.intake, secret), name="webhook")
        add_board(app, self)
        return app

    async def backlog(self, at: datetime) -> Backlog:
        """Return what has waited longest, for the health page."""
        return await self.database.read(lambda: backlog(at))

    async def takes_over(self) -> None:
        """Send from now on, in the place of whoever did before."""
        await self.sender.start()
        self.second_sender.wake()

    def heard(self) -> None:
        """Let the sender look, if it is here."""
        if self.leader.has_begun:
            self.sender.wake()
            self.second_sender.wake()

    def changed(self) -> None:
        """Let the sender look, wherever it is: something was decided."""
        self.heard()
        if not self.leader.has_begun:
            self.leader.leading.call()

    async def run(self, stopping: asyncio.Event) -> None:
        """Work until `stopping` is set, then stop in order.

        Raises:
            TakenOverError: another program uses this bot's token.
            BaseException: what ended a part that should have gone on.
        """
        again = partial(repeated, clock=self.clock, pulse=self.pulse)
        sent: list[Duty] = [
            self.sender.run,
            lambda: again(self.second_sender.run, TICK_SECONDS),
            lambda: again(self.photos.run, PHOTO_SECONDS),
            lambda: again(self.night.run, MINUTE),
            self.watchdog.run,
        ]
        parts: list[Coroutine[Any, Any, None]] = [
            wait_for(stopping),
            again(self.tick.run, TICK_SECONDS),
            again(self.worker.take_up, TICK_SECONDS),
        ]
        if self.settings.webhook_url:
            parts.append(self.way_in.is_brought())
        else:
            sent.append(self.way_in.fetches)
        tasks = [asyncio.create_task(part) for part in [*parts, self.leader.run(sent)]]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            await cancelled(tasks)
            senders = (self.sender, self.second_sender)
            await cancelled([task for one in senders for _, task in one.flying.values()])

    async def settle(self) -> datetime | None:
        """Do everything there is to do now; return when the next message may go, if one waits."""
        for _ in range(ROUNDS):
            leads = await self.leader.look()
            polls = leads and not self.settings.webhook_url
            fetched = await self.intake.poll(self.bot, 0) if polls else 0
            if self.leader.leading.is_shared:
                await self.worker.take_up()
            await self.worker.idle()
            done = await self.tick.run()
            later = await self.goes_out() if leads else None
            await asyncio.gather(*self.toasts.answering)
            if not fetched and not done:
                return later
        raise RuntimeError("the bot does not come to rest")

    async def goes_out(self) -> datetime | None:
        """Do once what only the leader does; return when the next message may go."""
        await self.photos.run()
        await self.night.run()
        waits = [await self.second_sender.drain(), await self.sender.drain()]
        return min((at for at in waits if at is not None), default=None)

    async def coming(self, kind: str = "") -> DueRow | None:
        """Return the next thing that the bot will do by itself, of one kind if one is named."""
        return await self.database.read(lambda: due.coming(kind))

    async def stop(self) -> None:
        """Finish what has begun, and let go of everything; what takes too long is taken up later.

        A message that was on its way for too long is of unknown fate at the next start, and is
        then settled by its lane.
        """
        last = [asyncio.create_task(self.worker.idle()), *self.toasts.answering]
        await asyncio.wait(last, timeout=STOP_SECONDS)
        await self.bot.shutdown()
        await self.database.close()
        await self.leader.leading.close()

    async def never_started(self) -> None:
        """Let go of everything where the bot was not started."""
        for request in self.ways:
            await request.shutdown()
        await self.database.close()
        await self.leader.leading.close()


async def wait_for(stopping: asyncio.Event) -> None:
    """Return when the event is set."""
    await stopping.wait()
