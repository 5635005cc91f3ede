"""Case codes: short enough to be read out, and made of what cannot be mistaken."""

import re
import secrets

from bot.visit import EnrolmentError
from flows.staff_language import _
from storage.enrolment import is_taken
from storage.transaction import Transaction

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ"
DIGITS = "23456789"
"""What a case code is made of: no 0 and O, no 1, I and L, which look alike on a note."""

CODE = re.compile(f"[{LETTERS}{DIGITS}]{{4,6}}")
LENGTHS = (4, 4, 4, 5, 5, 6, 6)
"""Characters of a new code at each try: longer where shorter ones turn out to be taken."""


def free_code(wanted: str | None) -> Transaction[str]:
    """Return a case code that nobody has: the one wanted, or a new one.

    Raises:
        EnrolmentError: the one wanted is taken or badly formed, or no free one was found.
    """
    if wanted is not None:
        code = wanted.strip().upper()
        if not CODE.fullmatch(code):
            raise EnrolmentError(
                _(
                    "«{wanted}» is no case code: use 4 to 6 of {letters}{digits}, like A7K2.",
                    wanted=wanted[:12],
                    letters=LETTERS,
                    digits=DIGITS,
                )
            )
        if (yield from is_taken(code)):
            raise EnrolmentError(
                _("The case code {code} is taken. Leave it out to get a new one.", code=code)
            )
        return code
    for length in LENGTHS:
        code = new_code(length)
        if not (yield from is_taken(code)):
            return code
    raise EnrolmentError(_("No free case code was found. Please try once more."))


def new_code(length: int) -> str:
    """Return a code with a letter and a digit in it, so that it is neither a word nor a number."""
    while True:
        code = "".join(secrets.choice(LETTERS + DIGITS) for _ in range(length))
        if set(code) & set(LETTERS) and set(code) & set(DIGITS):
            return code
