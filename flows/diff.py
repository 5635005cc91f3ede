"""What changed between two versions of a protocol, in sentences, the most dangerous first.

Every difference of the two files gets a sentence. Behind the sentences stands a search: the
worked examples of both versions, and cases on both sides of every bound in either, are sorted
by both; a case that alerts under the older version and lower, or not at all, under the newer
goes with the rule it was lost from, with its answers in words. A language that is gone is one
difference, with all of its texts.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import IntEnum

from flows.compare.danger import weaker
from flows.compare.search import UNREAD, Fall, falls
from flows.compare.sentences import place, sentence
from flows.compare.walk import Change, changes
from flows.protocol import Protocol


class Rank(IntEnum):
    """How dangerous a difference is, the most dangerous first."""

    LOST = 0
    """A case was found that alerted and no longer does."""
    LOWER = 1
    """A case was found that alerts at a lower level."""
    WEAKER = 2
    """Somebody may be called later, or not at all; no case was found."""
    THRESHOLD = 3
    ADDED = 4
    WINDOW = 5
    QUESTION = 6
    SCHEDULE = 7
    TEXT = 8
    ESCALATION = 9
    ABOUT = 10


TABLES = {
    "rules": Rank.THRESHOLD,
    "signs": Rank.THRESHOLD,
    "groups": Rank.THRESHOLD,
    "windows": Rank.WINDOW,
    "questions": Rank.QUESTION,
    "symptoms": Rank.QUESTION,
    "patient_facts": Rank.QUESTION,
    "areas": Rank.TEXT,
    "incomplete": Rank.QUESTION,
    "treatments": Rank.SCHEDULE,
    "courses": Rank.SCHEDULE,
    "texts": Rank.TEXT,
    "buttons": Rank.TEXT,
    "levels": Rank.ESCALATION,
    "escalation": Rank.ESCALATION,
    "silence": Rank.ESCALATION,
    "quiet_hours": Rank.ESCALATION,
}
"""The rank of a harmless change by its table; what stands in no line is about the file itself."""

FIELDS = {
    "sources": Rank.ABOUT,
    "reason": Rank.ABOUT,
    "about": Rank.ABOUT,
    "fires": Rank.ABOUT,
    "silent": Rank.ABOUT,
    "cases": Rank.ABOUT,
    "term": Rank.ABOUT,
    "meaning": Rank.ABOUT,
    "text": Rank.TEXT,
    "label": Rank.TEXT,
    "ask": Rank.TEXT,
    "expects": Rank.TEXT,
    "window_class": Rank.WINDOW,
}
"""The rank of a harmless change by its field, where that says more than the table."""

EXAMPLES = 3
"""How many cases go with a difference; the sentence counts the others."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: how dangerous, where in the file, in words, with cases that show it."""

    rank: Rank
    path: tuple[str, ...]
    sentence: str
    examples: tuple[str, ...] = ()

    @property
    def dangerous(self) -> bool:
        """Whether somebody may be called later, lower or not at all."""
        return self.rank <= Rank.WEAKER

    def __str__(self) -> str:
        """Return the sentence, with a line for each case."""
        return "\n".join((f"{self.sentence}.", *(f"    {words}" for words in self.examples)))


def differences(old: Protocol, new: Protocol) -> tuple[Difference, ...]:
    """Return every difference between two versions, the most dangerous first.

    Both have passed `flows.protocol_file.parse_protocol`. Equal versions have none.
    """
    lost: dict[str, list[Fall]] = {}  # by rule, or by why a case cannot be sorted any more
    for fall in falls(old, new):
        lost.setdefault(fall.problem or fall.rule, []).append(fall)
    found, told = [], set()
    gone, texts = {*old.protocol.languages} - {*new.protocol.languages}, Counter[str]()
    for change, difference in of_the_file(old, new):
        if change.removed and change.path[-1] in gone:
            texts[change.path[-1]] += 1
            continue
        rule = rule_of(old, change)
        if rule in lost and Rank.WEAKER <= difference.rank <= Rank.WINDOW:
            told.add(rule)
            found.append(backed(difference, lost[rule], old))
        else:
            found.append(difference)
    found += (beside(old, rule, cases) for rule, cases in lost.items() if rule not in told)
    found += (without(language, number) for language, number in texts.items())
    return tuple(sorted(found, key=lambda difference: difference.rank))


def without(language: str, texts: int) -> Difference:
    """Return the one difference that a language makes which goes with all of its texts."""
    text = (
        f"The language «{language}» is gone, with {texts} texts: new patients read another. "
        "“aftercheck protocol join” takes over the texts of the version before"
    )
    return Difference(Rank.WEAKER, ("translations", language), text)


def of_the_file(old: Protocol, new: Protocol) -> Iterator[tuple[Change, Difference]]:
    """Yield every change of the file with its sentence, before any case is looked for."""
    for change in changes(old, new):
        rank = rank_of(old, new, change)
        yield change, Difference(rank, change.path, sentence(old, new, change))


def dangerous(found: Iterable[Difference]) -> bool:
    """Whether any difference could keep a person from being called, or call them later."""
    return any(difference.dangerous for difference in found)


def rank_of(old: Protocol, new: Protocol, change: Change) -> Rank:
    """Return how dangerous a change is by itself, before any case is looked for."""
    if weaker(old, new, change):
        return Rank.WEAKER
    if change.added and change.path[0] == "rules":
        return Rank.ADDED
    table, *fields = change.path or ("",)
    named = (FIELDS[field] for field in fields[1:] or fields if field in FIELDS)
    return next(named, TABLES.get(table, Rank.ABOUT))


def rule_of(old: Protocol, change: Change) -> str:
    """Return the id under which sorting names what changed: a rule's, or a window cell's."""
    if change.added:
        return ""
    match change.path:
        case ("rules", name, *_):
            return name
        case ("windows", question, "classes", group, severity, *_):
            options = [option.id for option in old.question_by_id[question].options]
            return f"MX-{question}-{group}-{options.index(severity)}"
        case ("questions", name) | ("questions", name, "unclear"):
            return f"{UNREAD} {name}"
        case ("incomplete", *_):
            return "INCOMPLETE"
        case _:
            return ""


def backed(difference: Difference, cases: list[Fall], protocol: Protocol) -> Difference:
    """Return a difference with the cases that the search found for it."""
    gone = [fall for fall in cases if fall.lost]
    rank = Rank.LOST if gone else Rank.LOWER
    counts = ", ".join(counted(len(gone), len(cases) - len(gone)))
    first = sorted(cases, key=lambda fall: (not fall.lost, -fall.old, len(fall.case.answers)))
    examples = tuple(fall.words(protocol) for fall in first[:EXAMPLES])
    return replace(
        difference, rank=rank, sentence=f"{difference.sentence}: {counts}", examples=examples
    )


def counted(gone: int, lower: int) -> Iterator[str]:
    """Yield how many of the cases tried fell, and how far."""
    if gone:
        yield f"{gone} of the cases tried no longer alert"
    if lower:
        yield f"{lower} of the cases tried alert lower"


def beside(old: Protocol, rule: str, cases: list[Fall]) -> Difference:
    """Return a difference that shows only in cases: its rule itself did not change."""
    if cases[0].problem:
        return backed(Difference(Rank.LOST, (), f"Cannot be sorted: {rule}"), cases, old)
    path = path_of(old, rule)
    text = f"{place(old, path)}: it did not change itself, but what it looks at did"
    return backed(Difference(Rank.LOST, path, text), cases, old)


def path_of(old: Protocol, rule: str) -> tuple[str, ...]:
    """Return where a rule or window stands in the file, by the id that sorting gives it."""
    if any(known.id == rule for known in old.rules):
        return ("rules", rule)
    for name, window in old.windows.items():
        for group, cells in window.classes.items():
            for severity in cells:
                path = ("windows", name, "classes", group, severity)
                if rule_of(old, Change(path, None, None)) == rule:
                    return path
    name = rule.removeprefix(UNREAD).strip()
    return ("questions", name) if name in old.question_by_id else (name.lower(),)
