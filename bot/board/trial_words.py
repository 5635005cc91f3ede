"""How alerts of the clinic's history would differ under a changed protocol, in words."""

from collections.abc import Callable, Mapping
from typing import Final

from flows.staff_language import ngettext

HEADINGS: Final[Mapping[str, Callable[[int], str]]] = {
    "unsortable": lambda number: ngettext(
        "This alert could no longer be sorted",
        "These {number} alerts could no longer be sorted",
        number,
        number=number,
    ),
    "vanishes": lambda number: ngettext(
        "This alert would not have been raised",
        "These {number} alerts would not have been raised",
        number,
        number=number,
    ),
    "lower": lambda number: ngettext(
        "This alert would have been raised lower",
        "These {number} alerts would have been raised lower",
        number,
        number=number,
    ),
    "appears": lambda number: ngettext(
        "This alert would have been raised as well",
        "These {number} alerts would have been raised as well",
        number,
        number=number,
    ),
    "higher": lambda number: ngettext(
        "This alert would have been raised higher",
        "These {number} alerts would have been raised higher",
        number,
        number=number,
    ),
}
"""By kind, the most dangerous first, as `flows.replay_report` has it; each takes how many."""
