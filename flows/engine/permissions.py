"""Who may do what: the one table, looked at before anything that staff do.

Membership of the staff chat is no authority; the roster is, by real user id. Whoever is not on
the roster, or writes as an anonymous administrator, may do nothing.

Hazards: H30, H31.
"""

from flows.escalation import StaffMember

CARE = frozenset({"nurse", "doctor", "admin"})
READ = CARE | {"auditor"}
LEAD = frozenset({"doctor", "admin"})

PERMISSIONS: dict[str, frozenset[str]] = {
    "claim": CARE,
    "contacted": CARE,
    "resolve": CARE,
    "outcome": CARE,
    "back": CARE,
    "seen": CARE,
    "details": READ,
    "write": CARE,
    "pair_confirm": CARE,
    "pair_refuse": CARE,
    "enrol": CARE,
    "session": CARE,
    "lot": CARE,
    "open": READ,
    "case": READ,
    "roster": READ,
    "oncall": CARE,
    "digest": READ,
    "help": READ,
    "export": LEAD,
    "resume": LEAD,
}
"""By action, the roles that may. An action that is not here nobody may take."""


def may(who: StaffMember | None, action: str) -> bool:
    """Whether somebody may do this now."""
    return who is not None and who.on_roster and who.role in PERMISSIONS.get(action, frozenset())
