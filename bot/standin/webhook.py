"""Brings updates to the webhooks, as the official server's WebhookActor does.

One update of a lane is under way at a time: messages and edits of a chat are one lane, presses
of a person another, changes of the bot's membership in a chat a third. Lanes do not wait for
each other, so a text and a press of the same person may overlap.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.standin.accounts import Bot
from bot.standin.updates import Pending, Webhook
from bot.standin.world import World

Post = Callable[[str, bytes, dict[str, str]], Awaitable[tuple[int, int]]]
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
LONGEST_DELAY = 60.0  # WEBHOOK_MAX_RESEND_TIMEOUT; the real one is drawn between 60 and 120
LONGEST_RETRY_AFTER = 3600.0
GONE = 410
GONE_FOR = timedelta(hours=23)  # WEBHOOK_DROP_TIMEOUT
NO_CONNECTION = 0
LONGEST_NAP = 1.0


class Deliverer:
    """Delivers what is due.

    Args:
        world: Whose updates.
        post: Sends a body with headers to an address, and returns the status (0 where there was
            no answer) and the seconds of `Retry-After` (0 where there is none).
    """

    def __init__(self, world: World, post: Post) -> None:
        self.world = world
        self.post = post

    async def run_due(self) -> int:
        """Deliver until nothing more is due at this instant; return how many attempts it took."""
        attempts = 0
        while batch := self.due():
            for _, update in batch:
                update.in_flight = True
            await asyncio.gather(*(self.attempt(bot, update) for bot, update in batch))
            attempts += len(batch)
        return attempts

    def due(self) -> list[tuple[Bot, Pending]]:
        """Return the first update of each lane whose time has come, as many as may run at once."""
        batch: list[tuple[Bot, Pending]] = []
        for bot in self.world.bots():
            hook = bot.updates.webhook
            if hook is None:
                continue
            bot.updates.expire(self.world.now())
            heads: dict[str, Pending] = {}
            for update in bot.updates.pending:
                heads.setdefault(update.lane, update)
            ready = [
                update
                for update in heads.values()
                if not update.in_flight and update.due_at <= self.world.now()
            ]
            busy = sum(update.in_flight for update in heads.values())
            batch += [(bot, update) for update in ready[: max(0, hook.max_connections - busy)]]
        return batch

    async def attempt(self, bot: Bot, update: Pending) -> None:
        """Send one update once."""
        hook = bot.updates.webhook
        assert hook is not None
        headers = {"Content-Type": "application/json"}
        if hook.secret:
            headers[SECRET_HEADER] = hook.secret
        try:
            status, retry_after = await self.post(
                hook.url, json.dumps(update.body).encode(), headers
            )
        finally:
            update.in_flight = False
        if 200 <= status <= 299:  # noqa: PLR2004 - the range of success
            hook.gone_since = None
            if update in bot.updates.pending:
                bot.updates.pending.remove(update)
            return
        self.failed(bot, hook, update, status, retry_after)

    def failed(
        self, bot: Bot, hook: Webhook, update: Pending, status: int, retry_after: int
    ) -> None:
        """Put an update off: at once the first time, then after 2, 4, 8 … seconds, at most 60."""
        now = self.world.now()
        hook.last_error_at = now
        hook.last_error = (
            "Connection refused"
            if status == NO_CONNECTION
            else f"Wrong response from the webhook: {status}"
        )
        if status != GONE:
            hook.gone_since = None
        elif hook.gone_since is None:
            hook.gone_since = now
        elif now > hook.gone_since + GONE_FOR:
            bot.updates.webhook = None
        delay = min(float(retry_after), LONGEST_RETRY_AFTER)
        if not retry_after and update.failures:
            update.delay = delay = min(LONGEST_DELAY, update.delay * 2)
        update.failures += 1
        update.due_at = now + timedelta(seconds=delay)
        if update.due_at > update.expires_at and update in bot.updates.pending:
            bot.updates.pending.remove(update)

    async def run(self) -> None:
        """Deliver for ever; the clock may be moved meanwhile, so it is read every second."""
        fresh = asyncio.Event()
        while True:
            await self.run_due()
            for bot in self.world.bots():
                bot.updates.added = fresh
            await self.world.patience(fresh, LONGEST_NAP)
            fresh.clear()
