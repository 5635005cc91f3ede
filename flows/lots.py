"""Product lots: when reactions to one come together, and which lot stands out beside the others.

Hazards: H51.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from math import exp, lgamma
from typing import Final, NamedTuple

from flows.engine.record import Record
from flows.staff_language import N_, _, ngettext
from flows.stored_words import restated
from flows.verdict import Level

SERIOUS: Final = Level.URGENT
"""From this level on a reaction is serious: somebody is to look at the patient at once."""

SPAN: Final = timedelta(days=30)
MANY: Final = 2
"""Two serious reactions to one lot within 30 days call the doctor (docs/sources.md, lots)."""

DECIDE: Final = N_(
    "Please look at these cases together, and decide whether the lot is used "
    "further, and whether the manufacturer and the authority are to be told."
)
RARE: Final = 0.05
"""A lot stands out where chance alone gives so many reactions less often (own choice)."""


NOTHING: Final = 1e-9
"""So little changes no decision."""


class Reaction(NamedTuple):
    """A serious alert of a patient who was treated from a lot."""

    code: str
    alert: str
    level: Level
    at: datetime


class Cluster(NamedTuple):
    """Serious reactions of several patients to one lot, the worst of each, the latest first."""

    lot: str
    reactions: tuple[Reaction, ...]

    @property
    def name(self) -> str:
        """What tells it from every other: told again only where another patient joins it."""
        return f"{self.lot}:{','.join(sorted(one.code for one in self.reactions))}"


def same_lot(lot: str) -> str:
    """Return a lot as it is stored and compared: `ab12` and `AB12` are one."""
    return " ".join(lot.split()).upper()


def cluster(lot: str, reactions: Iterable[Reaction], now: datetime) -> Cluster | None:
    """Return the serious reactions to a lot where they are many enough to call the doctor.

    Several alerts of one patient are one reaction (own choice): a lot is suspected where it hurts
    more than one.
    """
    worst: dict[str, Reaction] = {}
    for one in reactions:
        if one.level < SERIOUS or not now - SPAN <= one.at:
            continue
        before = worst.get(one.code)
        if before is None or (one.level, one.at) > (before.level, before.at):
            worst[one.code] = one
    found = sorted(worst.values(), key=lambda one: one.at, reverse=True)
    return Cluster(lot, tuple(found)) if len(found) >= MANY else None


def lots_to_look_at(before: Record, after: Record) -> list[str]:
    """Return the lots about which a decision says something new that is serious."""
    lots_before = {visit.session.number: visit.lot for visit in before.visits}
    found = []
    for visit in after.visits:
        number = visit.session.number
        known, mine = reactions_to(number, before), reactions_to(number, after)
        is_new = lots_before.get(number) != visit.lot
        if visit.lot and mine and (is_new or mine - known):
            found.append(same_lot(visit.lot))
    return list(dict.fromkeys(found))


def reactions_to(session: int, record: Record) -> set[str]:
    """Return the alerts that are a serious reaction to one session; a silence is none."""
    return {
        one.key
        for one in record.alerts.values()
        if one.level >= SERIOUS and session in one.serious_in and not one.event
    }


def words(found: Cluster) -> str:
    """Return what the doctor and the staff chat read."""
    many = len(found.reactions)
    head = ngettext(
        "⚠️ Lot {lot}: {many} patient with a serious reaction within {days} days.",
        "⚠️ Lot {lot}: {many} patients with a serious reaction within {days} days.",
        many, lot=found.lot, many=many, days=SPAN.days,
    )  # fmt: skip
    cases = [
        f"• {one.alert}: {restated(str(one.level).replace('_', ' '))}" for one in found.reactions
    ]
    return "\n".join((head, *cases, "", _(DECIDE)))


class Count(NamedTuple):
    """Sessions, and how many of them were followed by a reaction."""

    sessions: int
    reactions: int


def stands_out(lot: Count, every: Count) -> bool:
    """Whether a lot has more reactions than chance gives it among all sessions.

    Fisher's exact test, one-sided: the chance that so many of the sessions with a reaction, or
    more, fall to this lot if the lots do not matter. One reaction alone never stands out.
    """
    usual = every.reactions * lot.sessions / every.sessions if every.sessions else 0.0
    if lot.reactions < MANY or lot.sessions >= every.sessions or lot.reactions <= usual:
        return False
    chance = 0.0
    for number in range(lot.reactions, min(lot.sessions, every.reactions) + 1):
        more = falls(lot.sessions, number, every)
        chance += more
        if chance >= RARE or more < NOTHING:  # above what is usual it only gets less
            break
    return chance < RARE


def falls(sessions: int, reactions: int, every: Count) -> float:
    """Return the hypergeometric chance of so many reactions among so many sessions."""
    rest, others = every.sessions - sessions, every.reactions - reactions
    if others > rest:
        return 0.0
    return exp(
        logarithm(sessions, reactions) + logarithm(rest, others)
        - logarithm(every.sessions, every.reactions)
    )  # fmt: skip


def logarithm(many: int, few: int) -> float:
    """Return the logarithm of in how many ways some can be chosen."""
    return lgamma(many + 1) - lgamma(few + 1) - lgamma(many - few + 1)
