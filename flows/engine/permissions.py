"""Who may do what, and where: the one table, looked at before anything is done.

Membership of the staff chat is no authority; the roster is, by real user id. Whoever is not on
the roster, or writes as an anonymous administrator, is a stranger, unless the chat is a patient's.
What is not in the table nobody may do. docs/permissions.md is made from it, and a test goes
through every cell of it with the real bot.

Hazards: H30, H31.
"""

from typing import Final, NamedTuple

from flows.escalation import StaffMember

CARE: Final = frozenset({"nurse", "doctor", "admin"})
READ: Final = CARE | {"auditor"}
LEAD: Final = frozenset({"doctor", "admin"})
DOCTOR: Final = frozenset({"doctor"})
ADMIN: Final = frozenset({"admin"})
PATIENT: Final = frozenset({"patient"})
ANYONE: Final = frozenset({"patient", "stranger"})
SERVERS: Final = frozenset({"Telegram, by its secret"})
WATCHERS: Final = frozenset({"anyone"})

OWN_CHAT, STAFF_CHAT, ELSEWHERE, WEB = "own chat", "staff chat", "other group", "web"
CLINIC: Final = frozenset({OWN_CHAT, STAFF_CHAT})
OWN: Final = frozenset({OWN_CHAT})
ON_THE_WEB: Final = frozenset({WEB})


class Grant(NamedTuple):
    """These may, at these places: one's own chat with the bot, the staff chat, the web server."""

    roles: frozenset[str]
    places: frozenset[str]


def staff(roles: frozenset[str]) -> tuple[Grant, ...]:
    """Let staff of these roles, in the staff chat and in their own."""
    return (Grant(roles, CLINIC),)


def with_board(roles: frozenset[str]) -> tuple[Grant, ...]:
    """Let staff of these roles, in the chats and on their web page."""
    return (Grant(roles, CLINIC), Grant(roles, ON_THE_WEB))


def on_the_board(roles: frozenset[str]) -> tuple[Grant, ...]:
    """Let staff of these roles, on their web page."""
    return (Grant(roles, ON_THE_WEB),)


def outside(roles: frozenset[str]) -> tuple[Grant, ...]:
    """Let a patient, or anyone, in their own chat only."""
    return (Grant(roles, OWN),)


PERMISSIONS: Final[dict[str, tuple[Grant, ...]]] = {
    # An alert's card
    "claim": with_board(CARE),
    "contacted": with_board(CARE),
    "resolve": with_board(CARE),
    "outcome": with_board(CARE),
    "back": with_board(CARE),
    "details": staff(READ),
    "write": staff(CARE),
    # Enrolling
    "pair_confirm": staff(CARE),
    "pair_refuse": staff(CARE),
    "enrol": staff(CARE),
    "session": staff(CARE),
    "lot": staff(CARE),
    # Lists, and what leaves the clinic
    "open": staff(READ),
    "due": staff(READ),
    "case": staff(READ),
    "roster": staff(READ),
    "roster_change": staff(ADMIN),
    "channel": outside(CARE),  # an address is nobody else's
    "oncall": staff(CARE),
    "rota": staff(LEAD),
    "digest": staff(READ),
    "export": staff(LEAD),
    "resume": staff(LEAD),
    "board": staff(READ),
    # The board
    "board_now": on_the_board(READ),
    "board_find": on_the_board(READ),
    "board_case": on_the_board(READ),
    "board_photo": on_the_board(READ),
    "board_photo_page": on_the_board(READ),
    "board_sessions": on_the_board(READ),
    "board_clinic": on_the_board(READ),
    "board_protocol": on_the_board(READ),
    "board_thresholds": on_the_board(READ),
    "board_chart": on_the_board(READ),
    "board_chart_page": on_the_board(READ),
    "board_trial": on_the_board(READ),
    "board_trial_text": on_the_board(READ),
    "board_try": on_the_board(LEAD),
    "board_sign": on_the_board(DOCTOR),
    "board_export": on_the_board(LEAD),
    "board_leave": on_the_board(READ),
    # Everybody
    "help": staff(READ) + outside(ANYONE),
    "start": staff(READ) + outside(ANYONE),
    "link_opened": outside(ANYONE | READ),  # staff may be patients too
    # A patient, about their own case
    "report": outside(PATIENT),
    "faq": outside(PATIENT),
    "status": outside(PATIENT),
    "settings": outside(PATIENT),
    "privacy": outside(PATIENT),
    "mydata": outside(PATIENT),
    "stop": outside(PATIENT),
    "answer": outside(PATIENT),
    "enrolment_step": outside(PATIENT),
    "choose": outside(PATIENT),
    # The web server
    "board_enter": (Grant(WATCHERS, ON_THE_WEB),),  # with a link that works once
    "board_app": (Grant(WATCHERS, ON_THE_WEB),),  # with Telegram's signature
    "board_door": (Grant(WATCHERS, ON_THE_WEB),),  # the address alone: it leads to the board
    "board_file": (Grant(WATCHERS, ON_THE_WEB),),  # style and script, the same for everybody
    "healthz": (Grant(WATCHERS, ON_THE_WEB),),
    "webhook": (Grant(SERVERS, ON_THE_WEB),),
}
"""By act, who may. `answer`, `enrolment_step` and `choose` are the buttons of a patient's chat."""


def permits(role: str, place: str, action: str) -> bool:
    """Whether somebody of this role may do this at this place."""
    return any(role in roles and place in places for roles, places in PERMISSIONS.get(action, ()))


def may(who: StaffMember | None, action: str) -> bool:
    """Whether a member of staff may do this now, where staff act."""
    return permits(role_of(who), STAFF_CHAT, action)


def role_of(who: StaffMember | None) -> str:
    """Return the role of somebody who may be on the roster; who left it is a stranger."""
    return who.role if who is not None and who.on_roster else "stranger"


def roles_of(action: str) -> frozenset[str]:
    """Return the roles that may do this somewhere."""
    return frozenset[str]().union(*(roles for roles, _ in PERMISSIONS.get(action, ())))
