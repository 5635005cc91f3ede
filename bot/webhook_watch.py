"""What Telegram could not bring to the webhook: nobody here notices by silence.

Telegram keeps a press for 150 seconds and then forgets it. Fetching updates, the bot knows itself
how long it was deaf; where they are brought, only Telegram knows, and says when it last failed. So
it is asked each minute, and what its answers came to is kept, through a restart too.

Hazards: H02.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Final, NamedTuple

from bot.intake import PRESSES_LIVE

LATELY: Final = 120  # seconds; as long as the health page waits for a poll
KEPT: Final = "webhook"
"""The name under which what the looks came to is kept."""


class Look(NamedTuple):
    """What Telegram says of the webhook.

    Whether it stands, the last failure in seconds of Unix time (0 for none), how many updates wait.
    """

    stands: bool
    error: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Heard:
    """What the looks came to so far.

    At `well_at` nothing was in the way. `error` is the failure seen last, `made_up` the one up to
    which every lost press is made up for. `away` says that the webhook was taken away since, and
    `blindly` that open questions were asked again although nothing has come through yet.
    """

    well_at: datetime
    error: int = 0
    made_up: int = 0
    away: bool = False
    blindly: bool = False

    def text(self) -> str:
        """Return it as it is kept."""
        return json.dumps(asdict(self) | {"well_at": self.well_at.isoformat()})


def heard_of(text: str | None) -> Heard | None:
    """Return what was kept; None where nothing was, or what nobody can read."""
    try:
        kept = json.loads(text or "")
        return Heard(**kept | {"well_at": datetime.fromisoformat(kept["well_at"])})
    except (ValueError, TypeError, KeyError):
        return None


def look_of(info: Mapping[str, Any], address: str) -> Look:
    """Read an answer of getWebhookInfo."""
    return Look(
        info.get("url") == address,
        int(info.get("last_error_date", 0)),
        int(info.get("pending_update_count", 0)),
    )


def fault_of(look: Look, now: datetime) -> str:
    """Return why the webhook brings nothing here, as a sentence; empty where it does."""
    if not look.stands:
        return "the webhook was set to another address, or taken away"
    if look.waiting and now.timestamp() - look.error < LATELY:
        return "Telegram cannot deliver to the webhook what waits"
    return ""


def judged(
    before: Heard | None, look: Look, last_update: datetime | None, now: datetime
) -> tuple[Heard, bool]:
    """Return what is known after a look, and whether open questions are to be asked again now.

    That is when a time of failures is over that was longer than a press is kept. It is over once
    an update has come after the last failure, or where nothing waits and nothing failed since the
    last look: then what waited was forgotten. As nobody knows then whether it works again, it is
    done once, and not again before something came through.
    """
    if before is None:
        return Heard(now, look.error, look.error), False
    if not look.stands:
        return replace(before, away=True, error=look.error), False
    heard = last_update is not None and last_update.timestamp() > look.error
    if not before.away and look.error in (0, before.made_up):
        return Heard(now, look.error, look.error, blindly=before.blindly and not heard), False
    fails = look.waiting > 0 or look.error != before.error or before.blindly
    if fails and not heard:
        return replace(before, error=look.error), False
    ask = now - before.well_at > PRESSES_LIVE
    return Heard(now, look.error, look.error, blindly=ask and not heard), ask
