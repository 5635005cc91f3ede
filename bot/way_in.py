"""How updates come to the running bot: it fetches them, or Telegram brings them to a webhook.

Either way somebody looks whether they still come, and makes up for a time in which none could.

Hazards: H02.
"""

import hashlib
import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from telegram import Bot
from telegram.error import TelegramError

from bot.clock import Clock
from bot.health import Pulse
from bot.intake import HANDOVER, KINDS, Intake
from bot.leader import Leader
from bot.office import Office
from bot.outage import ask_all_again, webhook_looked_at
from bot.reaching import taken, until_taken
from bot.repeating import repeated
from bot.settings import Settings
from bot.webhook_watch import fault_of, look_of
from storage.transaction import Database

LOGGER = logging.getLogger(__name__)
LOOK_SECONDS: Final = 60


def webhook_path(secret: str) -> str:
    """Return a webhook's path, one of its own; it tells neither this secret nor the token."""
    return f"/telegram/{hashlib.sha256(secret.encode()).hexdigest()[:32]}"


def webhook_address(settings: Settings) -> str:
    """Return where Telegram brings updates to."""
    path = webhook_path(settings.webhook_secret.get_secret_value())
    return f"{settings.webhook_url.rstrip('/')}{path}"


class WayIn:
    """Where one bot's updates come from; `choose_if_reached` before it is used.

    Args:
        bot: Who asks Telegram.
        office: The clinic.
        database: Where what was missed is asked again.
        clock: The time.
        pulse: Where the last success is noted.
        intake: Who stores what is fetched.
        leader: Whether this process makes up for what was missed.
        changed: Told when something was decided.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - what it is wired to
        self, bot: Bot, office: Office, database: Database, clock: Clock, pulse: Pulse,
        intake: Intake, leader: Leader, changed: Callable[[], None],
    ) -> None:  # fmt: skip
        self.bot, self.office, self.database = bot, office, database
        self.clock, self.pulse, self.intake, self.leader = clock, pulse, intake, leader
        self.changed = changed
        self.is_chosen = False

    async def choose(self) -> None:
        """Tell Telegram where updates go: to the webhook, or nowhere so that we can fetch them."""
        settings = self.office.settings
        if settings.webhook_url:
            await self.bot.set_webhook(
                webhook_address(settings), allowed_updates=list(KINDS),
                secret_token=settings.webhook_secret.get_secret_value(),
            )  # fmt: skip
        else:
            await self.bot.delete_webhook()

    async def choose_if_reached(self) -> None:
        """Try once to choose; where Telegram is out of reach it is done later."""
        self.is_chosen = await taken(self.choose)

    async def chosen(self) -> None:
        """Wait until Telegram has taken the choice."""
        if not self.is_chosen:
            await until_taken(self.choose, self.clock)

    async def fetches(self) -> None:
        """Fetch updates until cancelled; a webhook that still stands would keep them away.

        Raises:
            TakenOverError: another program uses this bot's token.
        """
        await self.chosen()
        handover = HANDOVER if self.leader.leading.is_shared else 0.0
        await self.intake.run(self.bot, self.was_deaf, handover)

    async def is_brought(self) -> None:
        """Look after the webhook until cancelled."""
        await self.chosen()
        await repeated(self.look_at_webhook, LOOK_SECONDS, self.clock, self.pulse)

    async def look_at_webhook(self) -> None:
        """Ask Telegram whether the webhook stands: an hour without updates is no proof.

        Whoever leads makes up for a time in which nothing could be brought.
        """
        try:
            info = await self.bot.do_api_request("getwebhookinfo")
        except TelegramError as error:
            LOGGER.warning("the webhook could not be looked at: %s", type(error))
            return
        now, look = self.clock.now(), look_of(info, webhook_address(self.office.settings))
        if fault := fault_of(look, now):
            LOGGER.error(fault)
        else:
            self.pulse.last_poll = now
        if self.leader.has_begun:
            last = self.pulse.last_update
            if await self.database.run(lambda: webhook_looked_at(self.office, look, last, now)):
                self.changed()

    async def was_deaf(self, seconds: float) -> None:
        """Ask open questions again after a time in which Telegram could not be heard."""
        now = self.clock.now()
        since = now - timedelta(seconds=seconds)
        await self.database.run(lambda: ask_all_again(self.office, since, now))
        self.changed()
