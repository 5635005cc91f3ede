"""Why a rule raises an alert, in words: also one that stands in no protocol in use."""

from collections.abc import Iterable, Mapping
from typing import Final

from bot.board.board import Board
from flows.engine.due_check_ins import MISSED
from flows.engine.reporting import PHOTO
from flows.engine.warning_list import UNSAID
from flows.free_text import WORDS_RULE
from flows.protocol import Protocol
from flows.verdict import CASE_RULE
from flows.windows import edges_of
from storage import protocol_trials
from storage.transaction import Transaction

ALWAYS: Final = {
    "UNCLEAR": "An answer could not be read, or is to a question that the protocol does not ask",
    MISSED: "A check-in could not be sent in time: the patient is to be phoned",
    PHOTO: "The patient sent a photo",
    "UNREADABLE": "Something came that nobody can read here, such as a voice message",
    UNSAID.rule: UNSAID.reason,
}
"""Rules of the product itself, whatever the protocol."""

EARLIER: Final = "A rule of an earlier version of the protocol"


def reasons_in(protocol: Protocol) -> Mapping[str, str]:
    """Return the reason of everything that a protocol version can raise an alert for."""
    found = {
        "INCOMPLETE": protocol.incomplete.reason, CASE_RULE: protocol.case.reason,
        WORDS_RULE: protocol.free_text.reason,
    }  # fmt: skip
    found |= {rule.id: rule.reason for rule in protocol.rules}
    for question, window in protocol.windows.items():
        for edges in edges_of(protocol, question, window).values():
            found[edges.then.rule] = edges.then.reason
    return found


def reasons(board: Board, rules: Iterable[str]) -> Transaction[Mapping[str, str]]:
    """Return the reasons of these rules: by the version for new patients, else by one in use."""
    left = set(rules)
    found = {rule: words for rule, words in ALWAYS.items() if rule in left}
    versions = [board.office.protocol]
    if left - found.keys() - reasons_in(versions[0]).keys():
        for name, _ in (yield from protocol_trials.in_care()):
            versions.append((yield from board.office.protocol_named(name)))
    for protocol in reversed(versions):
        found |= {rule: words for rule, words in reasons_in(protocol).items() if rule in left}
    return dict.fromkeys(left, EARLIER) | found
