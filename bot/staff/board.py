"""`/board`: a link that lets whoever asks into the staff's web page, once."""

from bot.board import passes
from bot.staff.asked import Asked
from bot.staff.cases import private_or_told, told_where
from flows.engine.events import Key, Lane, Message, Say
from flows.staff_language import N_, _
from storage.transaction import Transaction

NO_BOARD = N_(
    "There is no board yet. Whoever runs the bot sets BOARD_URL, a public https "
    "address that leads to it; .env.example says how."
)
LETS_IN = N_(
    "Your link to the board. It opens once, within 10 minutes, and is yours "
    "alone: please do not pass it on. /board gives you another."
)


def board_asked(asked: Asked, _words: list[str]) -> Transaction[None]:
    """Send a link to the private chat of whoever asks."""
    address = asked.office.settings.board_url.rstrip("/")
    if not address:
        yield from asked.answer(_(NO_BOARD))
        return
    to = yield from private_or_told(asked)
    if to is None:
        return
    link = yield from passes.link(asked.office, asked.who, asked.now)
    rows = [(Key(_("Open the board"), url=link),)]
    if address.startswith("https://"):
        rows.append((Key(_("Open it here, in Telegram"), app=f"{address}/board/app"),))
    message = Message(_(LETS_IN), tuple(rows))
    yield from asked.say(Say(to, message, Lane.REPLY, f"board:{asked.repeat}"))
    yield from told_where(asked, to)
