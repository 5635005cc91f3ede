"""/due: whose next session is to be booked, for the desk."""

from bot.next_sessions import HEADINGS, Coming, coming
from bot.staff.asked import Asked
from flows.staff_language import N_, _
from storage.transaction import Transaction

SHOWN = 40
"""Lines of the list: one message that fits a few screens of a phone (own choice)."""

ON_THE_BOARD = N_("Sessions on the board (/board) has them all")
AT_THE_TERMINAL = N_("aftercheck sessions due")
"""Where the whole list is."""


def due_asked(asked: Asked, _words: list[str]) -> Transaction[None]:
    """Show whose next session is due, past its usual time, or soon."""
    found = yield from coming(asked.office, asked.now)
    has_board = bool(asked.office.settings.board_url)
    yield from asked.answer(list_of(found, _(ON_THE_BOARD) if has_board else _(AT_THE_TERMINAL)))


def list_of(found: list[Coming], elsewhere: str) -> str:
    """Return the list in words; `elsewhere` says where the rest of a long one is."""
    if not found:
        return _("Nobody's next session is due or soon.")
    lines = [_("Next sessions to book: {number}", number=len(found))]
    shown = found[:SHOWN]
    for window, heading in HEADINGS.items():
        of_it = [one.line() for one in shown if one.window is window]
        lines += ["", _(heading), *of_it] if of_it else []
    if len(found) > SHOWN:
        left = len(found) - SHOWN
        lines += ["", _("and {number} more: {where}", number=left, where=elsewhere)]
    lines += ["", _("Patients call to book. Once they were here, enter it with /session CODE.")]
    return "\n".join(lines)
