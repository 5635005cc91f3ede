"""What the staff chat reads of a version that a doctor has signed: whose it is, what it changes.

Hazards: H17.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from flows.staff_language import _

SHOWN: Final = 5
"""So many changes are named, the most dangerous first; the board has them all (own choice)."""


def signed_words(
    who: str, name: str, instead_of: str, differences: Sequence[tuple[bool, str]]
) -> str:  # fmt: skip
    """Return the message.

    Args:
        who: The doctor's name.
        name: The version that was signed.
        instead_of: The one that new patients were on until now.
        differences: For each whether it is dangerous, and its sentence with its examples below,
            the most dangerous first.
    """
    return "\n".join(lines(who, name, instead_of, differences))


def lines(
    who: str, name: str, instead_of: str, differences: Sequence[tuple[bool, str]]
) -> Iterator[str]:  # fmt: skip
    """Yield the lines of the message."""
    yield _(
        "📋 {who} has signed {name}, in place of {before}. New patients are looked after by it; "
        "whoever is in care keeps theirs.",
        who=who, name=name, before=instead_of,
    )  # fmt: skip
    if differences:
        number, bad = len(differences), sum(dangerous for dangerous, _sentence in differences)
        yield ""
        yield _("What it changes ({number}, dangerous {bad}):", number=number, bad=bad)
    for dangerous, sentence in differences[:SHOWN]:
        yield f"{'⚠️' if dangerous else '•'} {sentence.partition(chr(10))[0]}"
    if len(differences) > SHOWN:
        yield _("and {number} more, on the board under Protocol", number=len(differences) - SHOWN)
