"""What people and the bot did about a case, in words: every act of the audit trail that names one.

An act is in one of four lists, so that none is shown as a bare code and none is lost by oversight.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from bot.board.reasons import reason_in_words
from flows.staff_language import N_, _
from storage.board_case import Act

DONE: Final = {
    "enrol": N_("{name} enrolled the patient"),
    "link": N_("{name} made a new link"),
    "link_opened": N_("{name} opened the link"),
    "consented": N_("{name} agreed to take part"),
    "declined": N_("{name} did not agree to take part"),
    "pair_confirm": N_("{name} confirmed whose chat it is"),
    "pair_refuse": N_("{name} said that it is not the patient's chat"),
    "doubted": N_("{name} asked staff whether the chat is still the patient's"),
    "unreachable": N_("{name} cannot write to the patient any more"),
    "reachable": N_("{name} can write to the patient again"),
    "unsent": N_("{name} could not send something"),
    "session": N_("{name} entered a session"),
    "lot": N_("{name} noted the product's lot"),
    "booked": N_("{name} said that the next session is booked"),
    "claim": N_("{name} took it"),
    "claim_lost": N_("{name} wanted to take it"),
    "claim_void": N_("{name} gave it back, so that nobody has it"),
    "contacted": N_("{name} contacted the patient"),
    "outcome": N_("{name} closed it"),
    "paused": N_("{name} asked for a pause"),
    "resumed": N_("{name} ended the pause"),
    "quiet_hours": N_("{name} chose quiet hours"),
    "zone": N_("{name} chose a time zone"),
    "language": N_("{name} chose a language"),
    "stopped": N_("{name} stopped the check-ins"),
    "came_back": N_("{name} came back after having stopped"),
    "copy": N_("{name} took out a copy of their own data"),
    "erase_asked": N_("{name} asked to have everything erased"),
}
"""Acts that change something about the case, each as a sentence about who did it."""

LOOKED: Final = {
    "case": N_("{name} read the case in the chat"),
    "details": N_("{name} read the details"),
    "board_case": N_("{name} opened this page"),
    "board_photo": N_("{name} looked at a photo"),
    "audit": N_("{name} read the audit trail of the case"),
    "export": N_("{name} exported the case"),
    "board_export": N_("{name} exported the case"),
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
    who = _("The patient") if act.name in PATIENT else act.name
    about = f" · {act.alert}" if act.alert else ""
    said = _(DONE[act.action], name=who) + about
    if not act.detail:
        return said, []
    if act.action == "consented":
        return said, [_("To the text of version {version}", version=act.detail)]
    return said, [reason_in_words(act.detail)]


def look_in_words(act: Act) -> str:
    """Return that somebody looked at something of the case as a sentence."""
    return _(LOOKED[act.action], name=act.name)


def looks(acts: Sequence[Act]) -> Iterator[Act]:
    """Yield who looked at the case, the latest first."""
    return (one for one in reversed(acts) if one.action in LOOKED)
