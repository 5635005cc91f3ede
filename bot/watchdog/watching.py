"""One look at every condition: the heartbeat if all is well, else people are told."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Final

from bot.doctor.calling import UnreachableError
from bot.logs import get_logger
from bot.watchdog.causes import Trouble
from bot.watchdog.channels import Channel
from bot.watchdog.conditions import (
    CONDITIONS,
    OF_TELEGRAM,
    WORDS,
    Condition,
    Surroundings,
    of_clock,
)
from bot.watchdog.telling import PATIENCE, Telling
from flows.staff_language import N_, _
from storage.transaction import StorageError

FINDINGS = get_logger(__name__)
LOGGER = logging.getLogger(__name__)
EVERY: Final = 30.0
"""Seconds between two looks: so each step of an escalation comes within 30 s of its time, and the
heartbeat stays out well within a minute (docs/sources.md, untaken and watchdog)."""
SLOW: Final = "telegram"
"""The one condition that waits for a network; where another takes too long the database hangs."""
BLIND: Final = N_("{name} could not be looked at ({error}), so it may be wrong.")


class Watchdog(Telling):
    """Looks, and tells. Nothing that it raises ends the bot, and nothing of the bot ends it.

    Args:
        at: What it looks at.
        channels: Where people are told: the staff chat, and the second channel if there is one.
        beat: Gives the heartbeat, and says whether it was heard.
        more: Conditions besides the usual ones.
    """

    def __init__(
        self, at: Surroundings, channels: Sequence[Channel],
        beat: Callable[[], Awaitable[bool]], more: Mapping[str, Condition],
    ) -> None:  # fmt: skip
        super().__init__(at.database, channels)
        self.at = at
        self.beat = beat
        self.conditions = {**CONDITIONS, **more}
        self.standing: Sequence[Trouble] = ()
        """What Telegram's last answer was about, of this process or an earlier one."""

    async def run(self) -> None:
        """Look again and again until cancelled; what an outage left is first given its time."""
        while True:
            await self.at.clock.sleep(EVERY)
            try:
                await self.look()
            except Exception:
                LOGGER.exception("the watchdog failed; it looks again")

    async def look(self) -> list[Trouble]:
        """Look once at everything, give the heartbeat or tell people; return what is wrong."""
        now = self.at.clock.now()
        if self.ledger is None:
            self.ledger = await self.remembered()
            self.standing = self.ledger.troubles(OF_TELEGRAM)
        troubles = await self.troubles(now)
        self.at.pulse.watched = tuple(dict.fromkeys(kind_of(one) for one in troubles))
        if troubles:
            FINDINGS.error("no heartbeat", reason="+".join(self.at.pulse.watched))
        elif await self.beat():
            self.at.pulse.last_heartbeat = self.at.clock.now()
        await self.tell(troubles, now)
        return troubles

    async def troubles(self, now: datetime) -> list[Trouble]:
        """Return everything that is wrong, each cause once, as the last condition says it."""
        looks = [self.one(name, condition, now) for name, condition in self.conditions.items()]
        found = [trouble for some in await asyncio.gather(*looks) for trouble in some]
        return list({one.cause: one for one in found}.values())

    async def one(self, name: str, condition: Condition, now: datetime) -> Sequence[Trouble]:
        """Look at one condition; one that cannot be looked at is wrong."""
        try:
            async with asyncio.timeout(PATIENCE):
                found = await condition(self.at, now)
        except UnreachableError:
            return [*self.standing, *of_clock(self.at.clock_watch)]
        except StorageError as error:
            FINDINGS.warning("could not be looked at", kind=name, reason=type(error).__name__)
            return [Trouble("database", _(WORDS["database"]))]
        except TimeoutError:
            FINDINGS.warning("took too long to be looked at", kind=name)
            if name == SLOW:
                too_slow = Trouble(SLOW, _(BLIND, name=SLOW, error=_("it took too long")))
                return [*self.standing, too_slow]
            return [Trouble("database", _(WORDS["database"]))]
        except Exception as error:
            FINDINGS.error("could not be looked at", kind=name, reason=type(error).__name__)
            LOGGER.exception("a condition failed")
            return [Trouble(name, _(BLIND, name=name, error=type(error).__name__))]
        if name == SLOW:
            self.standing = found
        return found


def kind_of(trouble: Trouble) -> str:
    """Return a trouble's name without what it is about, for who may not know that."""
    return trouble.cause.partition(":")[0]
