"""Why a rule raises an alert, in words: also one that stands in no protocol in use."""

from collections.abc import Iterable, Mapping
from typing import Final

from bot.board.board import Board
from flows.engine.due_check_ins import MISSED
from flows.engine.reporting import NOT_READ, PHOTO
from flows.engine.warning_list import UNSAID
from flows.free_text import WORDS_RULE
from flows.protocol import Protocol
from flows.staff_language import N_
from flows.verdict import CASE_RULE
from flows.windows import edges_of
from storage import protocol_trials
from storage.transaction import Transaction

ALWAYS: Final = {
    "UNCLEAR": N_(
        "An answer could not be read, or is to a question that the protocol does not ask"
    ),
    MISSED: N_("A check-in could not be sent in time: the patient is to be phoned"),
    PHOTO: N_("The patient sent a photo"),
    NOT_READ.rule: NOT_READ.reason,
    "UNREADABLE": N_("Something came that nobody can read here, such as a voice message"),
    "UNASKED": N_("The patient wrote something that is no answer: read it"),
    UNSAID.rule: UNSAID.reason,
}
"""Rules of the product itself, whatever the protocol."""

EARLIER: Final = N_("A rule of an earlier version of the protocol")


def rules_in(protocol: Protocol) -> Mapping[str, str]:
    """Return the reason of each rule of a protocol version, and of its tables."""
    tables = {
        "INCOMPLETE": protocol.incomplete.reason, CASE_RULE: protocol.case.reason,
        WORDS_RULE: protocol.free_text.reason,
    }  # fmt: skip
    return tables | {rule.id: rule.reason for rule in protocol.rules}


def windows_in(protocol: Protocol) -> Mapping[str, str]:
    """Return the reason of each symptom that lasts longer than a protocol version documents."""
    return {
        edges.then.rule: edges.then.reason
        for question, window in protocol.windows.items()
        for edges in edges_of(protocol, question, window).values()
    }


def reasons(board: Board, rules: Iterable[str]) -> Transaction[Mapping[str, str]]:
    """Return the reasons of these rules: by the version for new patients, else by one in use.

    What takes longer, the windows and the other versions, is looked at for what is left only.
    """
    found = found_in(ALWAYS, dict.fromkeys(rules, EARLIER))
    found = known_to(board.office.protocol, found)
    if EARLIER in found.values():
        for name, _ in (yield from protocol_trials.in_care()):
            found = known_to((yield from board.office.protocol_named(name)), found)
    return found


def known_to(protocol: Protocol, found: Mapping[str, str]) -> Mapping[str, str]:
    """Return the same with the reasons that a protocol version has for what is left."""
    found = found_in(rules_in(protocol), found)
    return found_in(windows_in(protocol), found) if EARLIER in found.values() else found


def found_in(known: Mapping[str, str], found: Mapping[str, str]) -> Mapping[str, str]:
    """Return the same with what is known of what is left."""
    return {
        rule: known.get(rule, words) if words == EARLIER else words for rule, words in found.items()
    }
