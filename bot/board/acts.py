"""What people and the bot did about a case, in words: every act of the audit trail that names one.

An act is in one of four lists, so that none is shown as a bare code and none is lost by oversight.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from storage.board_case import Act

DONE: Final = {
    "enrol": "enrolled the patient",
    "link": "made a new link",
    "link_opened": "opened the link",
    "consented": "agreed to take part",
    "declined": "did not agree to take part",
    "pair_confirm": "confirmed whose chat it is",
    "pair_refuse": "said that it is not the patient's chat",
    "doubted": "asked staff whether the chat is still the patient's",
    "unreachable": "cannot write to the patient any more",
    "reachable": "can write to the patient again",
    "unsent": "could not send something",
    "session": "entered a session",
    "lot": "noted the product's lot",
    "booked": "said that the next session is booked",
    "claim": "took it",
    "claim_lost": "wanted to take it",
    "claim_void": "gave it back, so that nobody has it",
    "contacted": "contacted the patient",
    "outcome": "closed it",
    "paused": "asked for a pause",
    "resumed": "ended the pause",
    "quiet_hours": "chose quiet hours",
    "zone": "chose a time zone",
    "language": "chose a language",
    "stopped": "stopped the check-ins",
    "came_back": "came back after having stopped",
    "copy": "took out a copy of their own data",
    "erase_asked": "asked to have everything erased",
}
"""Acts that change something about the case."""

LOOKED: Final = {
    "case": "read the case in the chat",
    "details": "read the details",
    "board_case": "opened this page",
    "board_photo": "looked at a photo",
    "audit": "read the audit trail of the case",
    "export": "exported the case",
    "board_export": "exported the case",
}
"""Acts that change nothing: somebody saw something of the case."""

TOLD_OTHERWISE: Final = {
    "raised": "the alert's own entries say it, with the level of that moment",
    "write": "the words themselves stand in the line",
    "resolve": "a step on the way to closing, which is there",
    "back": "the same step taken back",
    "erase": "nothing of the case is left to be shown",
}
"""Acts about a case that have no line of their own, with the reason."""

OF_THE_CLINIC: Final = frozenset({
    "audit_begun", "audit_broken", "backup", "board", "board_enter", "board_leave", "board_now",
    "board_clinic", "board_protocol", "board_sessions", "board_sign", "board_thresholds",
    "board_trial", "board_trial_text", "board_try", "channel", "digest", "due", "keys_rotate",
    "link_refused", "lot_cluster", "night", "oncall", "open", "restore", "resume", "rota",
    "roster", "roster_change", "roster_joined", "staff_chat_back", "staff_chat_lost",
})  # fmt: skip
"""Acts that are about no case."""

PATIENT: Final = ("patient", "the patient")
"""How the trail names the patient."""


def in_words(act: Act) -> tuple[str, Sequence[str]]:
    """Return what somebody did as a sentence, and what more is known of it."""
    who = "The patient" if act.name in PATIENT else act.name
    about = f" · {act.alert}" if act.alert else ""
    more = f"To the text of version {act.detail}" if act.action == "consented" else act.detail
    return f"{who} {DONE[act.action]}{about}", [more] if act.detail else []


def looks(acts: Sequence[Act]) -> Iterator[Act]:
    """Yield who looked at the case, the latest first."""
    return (one for one in reversed(acts) if one.action in LOOKED)
