"""What a wall clock that was set back would keep from going out: alerts go on by the new time.

What was planned by the wrong clock lies in its future. A check-in may wait for its real time; an
alert may not. Done twice, it changes nothing more.

Hazards: H12.
"""

from datetime import datetime, timedelta
from typing import Final

from storage import due, outbox
from storage.outbox_rows import Lane
from storage.transaction import Transaction

LONGEST: Final = timedelta(minutes=5)
"""As long as an open list of warning signs waits at most, and longer than any pause of a sender."""


def set_back(now: datetime) -> Transaction[None]:
    """Let no alert wait for an instant that the clock will only come to again much later.

    Each open alert is looked at now, which plans its next notice anew.
    """
    yield from due.bring_forward("notify", now)
    yield from due.bring_forward("red_flag", now + LONGEST)
    yield from outbox.bring_forward(Lane.REPLY, now + LONGEST)
