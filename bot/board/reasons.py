"""Why something came to what it did, as it is stored in English, in the language of the staff.

The sentences are known by `bot/export/reasons.py`, which says them to patients in their files.
"""

from typing import Final

from bot.export.reasons import CODES, patterns, told
from bot.export.wording import read, wording
from flows.local_words import ENGLISH
from flows.staff_language import N_, _, is_english
from flows.stored_words import redated, restated

REASONS: Final = (
    N_("the patient had asked for a pause"),
    N_("the patient cannot be written to"),
    N_("the patient is {stage}"),
    N_("overdue together with {key}, which asks for both"),
    N_("its time passed while nothing could be sent"),
    N_("held until staff have confirmed again whose chat this is"),
    N_("{key} took its place"),
    N_("the patient stopped"),
    N_("{key} was answered meanwhile"),
    N_("no answer came, and staff know"),
    N_("delivery {how}; the reminder takes its place"),
    N_("it may not have arrived; a reminder to book is not sent twice, and /due lists it"),
    N_("the patient has booked"),
    N_("held: {why}"),
    N_("its time has passed, and {why}"),
    N_("alert {keys} is open"),
    N_("{key} is not finished"),
    N_("session {number} counts anew"),
    N_("session {number} asks the same around this time"),
    N_("{key} was watch"),
    N_("{status}: {why}"),
    N_("{time} lies in quiet hours"),
    N_("past when the session became known{more}"),
    N_("asked together with hour {number}"),
    N_("was due {time}, before the session became known"),
    N_("{time} is too close to another message"),
    N_("the course has no more sessions"),
    N_("no answer since {time}"),
    N_("the chat is {reach}"),
    N_("held by {who}"),
    N_("{who} has left"),
    N_("{who} takes no alerts any more"),
    N_("its time lies in the future"),
    N_("it had run out before the clock was set back"),
    N_("{level}: {rules}"),
    N_("{level} to {after}: {rules}"),
    N_("too late: {stage}"),
    N_("under an older card"),
    N_("session {number}: {before} to {lot}"),
    N_("{number} d"),
    N_("has not been heard from for {number} days"),
    N_("had deleted the account of this chat"),
    N_("the case has no chat"),
    N_("a late press on an old button"),
    N_("command line ({who})"),
)
"""Every stored reason of a check-in and detail of an act, as `labels/en.toml` has them."""


def reason_in_words(text: str) -> str:
    """Return a stored reason in the language of the staff, its codes in words; else as it is."""
    if is_english() or not text:
        return told(text, wording())
    for name, pattern in patterns().items():
        found = pattern.fullmatch(text)
        if found:
            filled = {blank: filled_in(blank, said) for blank, said in found.groupdict().items()}
            return _(read(ENGLISH)["reasons"][name], **filled)
    return restated(text)


def filled_in(blank: str, said: str) -> str:
    """Return what stands in a blank: a sentence or a code in words, all else as it is."""
    if blank == "why":
        return reason_in_words(said)
    return restated(said) if blank in CODES else redated(said)
