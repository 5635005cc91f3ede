"""Going on after a restore, as a doctor or an admin asks in the chat."""

from collections.abc import Sequence

from bot import freezing
from bot.staff.asked import Asked
from flows.engine.events import Did
from flows.staff_language import _
from storage.transaction import Transaction


def resume_asked(asked: Asked, _words: Sequence[str]) -> Transaction[None]:
    """Let patients be written to again, and say so."""
    who = Did(asked.who.id, asked.who.name, "resume")
    resumed = yield from freezing.resume(asked.office, who, asked.now)
    yield from asked.answer(_(freezing.RESUMED) if resumed else _(freezing.NOT_FROZEN))
