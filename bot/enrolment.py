"""Enrolling a patient: a case, its first session, and a link that works once.

Only the hash of the link's token is stored. Whoever has the link gets the case, so it is shown to
whoever asked for it, and to nobody else.
"""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from telegram.helpers import create_deep_linked_url

from bot import lots
from bot.case_codes import free_code
from bot.deciding import Cause, carry_out, decide
from bot.office import BOT_NAME, Office
from bot.terminal_user import terminal_name
from bot.visit import EnrolmentError, EnrolmentRequest, checked_lot, checked_session
from flows.engine import enrolling
from flows.engine.advance import Decision
from flows.engine.desk import day_and_time
from flows.engine.events import Did
from flows.engine.inputs import SessionAdded
from flows.engine.planning import next_planned
from flows.engine.record import Patient, Record, Stage, Visit
from flows.engine.stages import is_known
from flows.engine.turn import Turn
from flows.escalation import StaffMember
from flows.roster import why_not_start
from flows.staff_language import _
from storage import audit, clinic, records, saving
from storage.clinic import Invitation
from storage.enrolment import void_links
from storage.records import Loaded
from storage.transaction import Transaction

__all__ = [
    "Added", "Enrolled", "EnrolmentError", "EnrolmentRequest", "add_session", "check_reached",
    "enrol", "new_link", "set_lot", "too_few_for",
]  # fmt: skip

TOKEN_BYTES = 16
"""128 bits (docs/sources.md, tokens)."""

IN_CARE = ("active", "stopped")
"""Stages of somebody whom staff have confirmed; refusing a chat notes who decided, too."""

SAME_VISIT = timedelta(hours=1)
"""A session this near to the last one is the same one entered twice (own choice)."""


class Enrolled(NamedTuple):
    """A case with a link that works once, until `expires_at`; `moves` a known patient's case."""

    code: str
    token: str
    link: str
    expires_at: datetime
    moves: bool = False


class Added(NamedTuple):
    """A known patient's next session: its number, the case's stage, and what is asked next."""

    code: str
    number: int
    stage: Stage
    next_check_in: datetime | None


def enrol(
    office: Office, request: EnrolmentRequest, now: datetime, by: StaffMember | None
) -> Transaction[Enrolled]:
    """Make a case, its first session and its link; `by` is None at the command line.

    Raises:
        EnrolmentError: something in the request is wrong; then nothing was written.
    """
    protocol = yield from office.current()
    zone = request.zone or office.settings.clinic_timezone
    session = checked_session(protocol, request, 1, zone, now)
    bot = yield from bot_name()
    code = yield from free_code(request.code)
    yield from clinic.keep_protocol(protocol.name, office.protocol_text, now)
    language = protocol.protocol.languages[0]
    patient = Patient(code, protocol.name, "invited", language, session.zone)
    desk = yield from office.desk(protocol.name, now)
    turn = Turn(desk, Record(patient, (Visit(session, checked_lot(request.lot)),)), now)
    enrolling.invite(turn)
    turn.add(did(by, "enrol"))
    key = yield from saving.new_case(office.vault.keys, turn.record, now)
    yield from carry_out(office, key, Decision(turn.record, tuple(turn.events)), Cause(now))
    return (yield from invited(code, bot, now, by))


def check_reached(office: Office) -> Transaction[None]:
    """Let nobody new be looked after while too few can be reached who take alerts.

    Raises:
        EnrolmentError: it is so, and who is missing.
    """
    roster = yield from clinic.roster()
    if why := why_not_start(roster, single_handed=office.settings.single_handed):
        raise EnrolmentError(_("Nobody new can be enrolled yet. {why}", why=why))


def too_few_for(office: Office, code: str) -> Transaction[str]:
    """Return what to say beside a link for somebody in care while too few can be reached.

    Empty where enough can. A link to a new account lets nobody new in.

    Raises:
        EnrolmentError: too few can be reached, and the case is new; or there is none.
    """
    roster = yield from clinic.roster()
    why = why_not_start(roster, single_handed=office.settings.single_handed)
    if not why:
        return ""
    patient = (yield from case(office, code)).record.patient
    if patient.confirmed_by is None or patient.stage not in IN_CARE:
        yield from check_reached(office)
    return _("⚠️ This patient is in care already, so the link was made. {why}", why=why)


def new_link(
    office: Office, code: str, now: datetime, by: StaffMember | None
) -> Transaction[Enrolled]:
    """Make a fresh link for a case; older ones stop working.

    Whoever was confirmed stays in their chat until staff confirm the one that opens the link.

    Raises:
        EnrolmentError: there is no such case.
    """
    bot = yield from bot_name()
    loaded = yield from case(office, code)
    patient = loaded.record.patient
    desk = yield from office.desk(patient.protocol, now)
    turn = Turn(desk, loaded.record, now)
    enrolling.invite(turn)
    turn.add(did(by, "link"))
    yield from void_links(patient.code, now)
    yield from saving.save(loaded.key, loaded.record, turn.record, now)
    decision = Decision(turn.record, tuple(turn.events))
    yield from carry_out(office, loaded.key, decision, Cause(now))
    made = yield from invited(patient.code, bot, now, by)
    return made._replace(moves=is_known(patient))


def add_session(
    office: Office, code: str, request: EnrolmentRequest, now: datetime, by: StaffMember | None
) -> Transaction[Added]:
    """Add a known patient's next session, in one step and without a link.

    Raises:
        EnrolmentError: there is no such case, or something in the request is wrong.
    """
    loaded = yield from case(office, code)
    patient, last = loaded.record.patient, loaded.record.last_visit.session
    if request.code is not None or request.zone is not None:
        raise EnrolmentError(
            _("A next session keeps the case's code and time zone: leave them out.")
        )
    protocol = yield from office.protocol_named(patient.protocol)
    session = checked_session(protocol, request, last.number + 1, patient.zone, now)
    if session.ended_at < last.ended_at + SAME_VISIT:
        at = day_and_time(last.ended_at, office.settings.hours.zone)
        raise EnrolmentError(
            _(
                "{code} has session {number} of {at} already. A next session comes later "
                "than that; was it entered twice?",
                code=patient.code,
                number=last.number,
                at=at,
            )
        )
    said = SessionAdded(by, session, checked_lot(request.lot), did(by, "").name)
    yield from decide(office, loaded, said, Cause(now))
    after = yield from case(office, code)
    coming = next_planned(after.record, now) if patient.stage == "active" else None
    return Added(patient.code, session.number, patient.stage, coming)


def set_lot(
    office: Office, session: tuple[str, int], lot: str, now: datetime, by: StaffMember
) -> Transaction[str]:
    """Note the product lot of a case's session, and return the one that stood there before.

    Raises:
        EnrolmentError: there is no such session, or the lot is none.
    """
    lot = checked_lot(lot)
    code, number = session
    loaded = yield from case(office, code)
    record = loaded.record
    visits = {visit.session.number: visit for visit in record.visits}
    if number not in visits:
        raise EnrolmentError(_("{code} has no session {number}.", code=code, number=number))
    before = visits[number].lot
    visits[number] = Visit(visits[number].session, lot)
    changed = Record(
        record.patient, tuple(visits.values()), record.check_ins, record.alerts,
        record.alerts_so_far,
    )  # fmt: skip
    yield from saving.save(loaded.key, record, changed, now)
    detail = f"session {number}: {before or 'none'} to {lot}"
    yield from audit.did(office.vault.audit, code, Did(by.id, by.name, "lot", detail=detail), now)
    yield from lots.watch(office, record, changed, now)
    return before


def did(by: StaffMember | None, action: str) -> Did:
    """Return the log's line for what somebody, or the command line, did."""
    return Did(by.id if by else None, by.name if by else terminal_name(), action)


def case(office: Office, code: str) -> Transaction[Loaded]:
    """Return a case, however its code was typed.

    Raises:
        EnrolmentError: there is none.
    """
    loaded = yield from records.of_case(office.vault.keys, code.strip().upper())
    if loaded is None:
        raise EnrolmentError(
            _("There is no case «{code}». Look at its code again.", code=code[:12])
        )
    return loaded


def bot_name() -> Transaction[str]:
    """Return the bot's user name, which every link needs.

    Raises:
        EnrolmentError: it is not known yet.
    """
    name = yield from clinic.get(BOT_NAME)
    if not name:
        raise EnrolmentError(
            _(
                "The bot's name is not known yet, and a link needs it. Start the bot once: "
                "aftercheck run."
            )
        )
    return name


def invited(code: str, bot: str, now: datetime, by: StaffMember | None) -> Transaction[Enrolled]:
    """Store a new link of a case, and return it; its token is kept nowhere."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    expires = now + enrolling.INVITATION_LIFE
    hashed = sha256(token.encode()).hexdigest()
    yield from clinic.invite(Invitation(hashed, code, by.id if by else None, now, expires))
    return Enrolled(code, token, create_deep_linked_url(bot, token), expires)
