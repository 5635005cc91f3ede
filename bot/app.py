"""The running bot, wired: database, intake, inbox worker, tick, sender, web server.

One way through: an update is stored, worked on in one transaction, and what it causes is sent.
`run` lets each part loop; `settle` goes round by hand, for tests and the demo.
"""

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any, Final

from aiohttp import web
from telegram import Bot
from telegram.error import TelegramError
from telegram.request import BaseRequest

from bot.board.web import add_board
from bot.clock import Clock
from bot.composing import Composer
from bot.delivery.calling import through
from bot.delivery.pacing import Pacing
from bot.delivery.sender import Sender
from bot.health import Pulse, health_handler
from bot.inbox_worker import InboxWorker
from bot.intake import HANDOVER, KINDS, LARGEST_BODY, Intake, webhook
from bot.leader import STOP_SECONDS, Duty, Leader, cancelled
from bot.menus import set_menus
from bot.night import Night
from bot.office import Office
from bot.opening import opened
from bot.outage import after_stop, ask_all_again, webhook_looked_at
from bot.photos import PhotoFetcher
from bot.reaching import taken, until_taken
from bot.recording import Recorder
from bot.second_channel.carrying import Carrier
from bot.second_channel.composing import SecondComposer
from bot.second_channel.recording import SecondRecorder
from bot.settings import Settings
from bot.tick import Tick
from bot.toasts import Toasts
from bot.transport import Transport
from bot.watchdog.clock_watch import ClockWatch
from bot.watchdog.setting_up import watchdog_of
from bot.watchdog.watching import Watchdog
from bot.webhook_watch import fault_of, look_of
from flows.protocol import Protocol
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
        self.has_way_in = False
        self.clock_watch = ClockWatch(clock)
        self.toasts = Toasts(self.bot)
        leading = leading_of(settings.database_url, self.heard)
        self.leader = Leader(leading, clock, self.pulse, self.takes_over)
        self.office: Office
        self.sender: Sender
        self.second_sender: Sender
        self.worker: InboxWorker
        self.intake: Intake
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
        composer = Composer(self.office, self.clock)
        self.sender = Sender(
            self.database, self.leader.guarded(through(self.bot)), self.clock, self.office.vault,
            pacing=Pacing(self.settings.send_rate), prepare=composer.methods,
            recorded=Recorder(self.office, composer).recorded,
        )  # fmt: skip
        second = SecondComposer(self.office, self.clock)
        self.second_sender = Sender(
            self.database, self.leader.guarded(Carrier(self.settings).call), self.clock,
            self.office.vault, pacing=Pacing(), prepare=second.methods,
            recorded=SecondRecorder(self.office).recorded, second=True,
        )  # fmt: skip
        self.worker = InboxWorker(
            self.database, self.office, self.clock, self.toasts.answer, self.changed,
            is_shared=self.leader.leading.is_shared,
        )  # fmt: skip
        self.intake = Intake(self.database, key, self.clock, self.pulse, self.worker.submit)
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
        _, self.has_way_in = await asyncio.gather(
            set_menus(self.bot, staff_chat, self.office.protocol.protocol.languages),
            taken(self.choose_way_in),
        )
        await self.worker.take_up()

    async def choose_way_in(self) -> None:
        """Tell Telegram where updates go: to the webhook, or nowhere so that we can fetch them."""
        if self.settings.webhook_url:
            await self.bot.set_webhook(
                self.webhook_address, allowed_updates=list(KINDS),
                secret_token=self.settings.webhook_secret.get_secret_value(),
            )  # fmt: skip
        else:
            await self.bot.delete_webhook()

    @property
    def webhook_path(self) -> str:
        """A path of its own, which says nothing of the token."""
        secret = self.settings.webhook_secret.get_secret_value()
        return f"/telegram/{hashlib.sha256(secret.encode()).hexdigest()[:32]}"

    @property
    def webhook_address(self) -> str:
        """Where Telegram brings updates to."""
        return f"{self.settings.webhook_url.rstrip('/')}{self.webhook_path}"

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
            app.router.add_post(self.webhook_path, webhook(self.intake, secret), name="webhook")
        add_board(app, self)
        return app

    async def backlog(self, at: datetime) -> Backlog:
        """Return what has waited longest, for the health page."""
        return await self.database.read(lambda: backlog(at))

    async def look_at_webhook(self) -> None:
        """Ask Telegram whether the webhook stands: an hour without updates is no proof.

        Whoever leads makes up for a time in which nothing could be brought.
        """
        try:
            info = await self.bot.do_api_request("getwebhookinfo")
        except TelegramError as error:
            LOGGER.warning("the webhook could not be looked at: %s", type(error).__name__)
            return
        now, look = self.clock.now(), look_of(info, self.webhook_address)
        if fault := fault_of(look, now):
            LOGGER.error("the webhook does not work: %s", fault)
        else:
            self.pulse.last_poll = now
        if self.leader.has_begun:
            last = self.pulse.last_update
            if await self.database.run(lambda: webhook_looked_at(self.office, look, last, now)):
                self.changed()

    async def takes_over(self) -> None:
        """Send from now on, in the place of whoever did before."""
        await self.sender.start()
        self.second_sender.wake()

    async def was_deaf(self, seconds: float) -> None:
        """Ask open questions again after a time in which Telegram could not be heard."""
        now = self.clock.now()
        since = now - timedelta(seconds=seconds)
        await self.database.run(lambda: ask_all_again(self.office, since, now))
        self.changed()

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
        sent: list[Duty] = [
            self.sender.run,
            lambda: self.repeated(self.second_sender.run, TICK_SECONDS),
            lambda: self.repeated(self.photos.run, PHOTO_SECONDS),
            lambda: self.repeated(self.night.run, MINUTE),
            self.watchdog.run,
        ]
        parts: list[Coroutine[Any, Any, None]] = [
            wait_for(stopping),
            self.repeated(self.tick.run, TICK_SECONDS),
            self.repeated(self.worker.take_up, TICK_SECONDS),
        ]
        if self.settings.webhook_url:
            parts.append(self.is_brought())
        else:
            sent.append(self.fetches)
        tasks = [asyncio.create_task(part) for part in [*parts, self.leader.run(sent)]]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            await cancelled(tasks)
            senders = (self.sender, self.second_sender)
            await cancelled([task for one in senders for _, task in one.flying.values()])

    async def is_brought(self) -> None:
        """Look after the webhook until cancelled; it stands as soon as Telegram takes it."""
        if not self.has_way_in:
            await until_taken(self.choose_way_in, self.clock)
        await self.repeated(self.look_at_webhook, MINUTE)

    async def fetches(self) -> None:
        """Fetch updates until cancelled; a webhook that still stands would keep them away."""
        if not self.has_way_in:
            await until_taken(self.choose_way_in, self.clock)
        handover = HANDOVER if self.leader.leading.is_shared else 0.0
        await self.intake.run(self.bot, self.was_deaf, handover)

    async def repeated(self, job: Callable[[], Awaitable[object]], seconds: float) -> None:
        """Do something again and again; what fails is tried at the next turn.

        The pause goes by the clock that nobody can set: a wall clock set back by an hour must not
        stop the bot for an hour.
        """
        while True:
            try:
                await job()
            except Exception as error:
                self.pulse.last_error = type(error).__name__
                LOGGER.exception("something regular failed; it is tried again")
            await self.clock.sleep(seconds)

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
