"""What the patient says and sends, as staff see it in their chat: under the case's card."""

from flows.engine.alerts import card_slot
from flows.engine.events import Lane, Message, Say
from flows.engine.record import StoredAlert
from flows.engine.turn import Turn
from flows.verdict import ALERTING


def newest_open(turn: Turn) -> StoredAlert | None:
    """Return the case's latest alert that nobody has closed."""
    return max(turn.record.open_alerts, key=lambda alert: alert.opened_at, default=None)


def show_staff(
    turn: Turn, text: str, alert: StoredAlert | None, lane: Lane, photo: str = ""
) -> None:
    """Put something of the patient's into the staff chat, under the alert's card."""
    under = card_slot(alert.key) if alert else ""
    repeat = f"{turn.patient.code}:said:{turn.stamp}:{len(turn.events)}"
    turn.add(Say("staff", Message(text), lane, repeat, f"case:{turn.patient.code}", under, photo))


def show_words(turn: Turn, text: str, *, rings: bool = False) -> None:
    """Show words under the case's newest card; they ring while an alert calls a person."""
    alert = newest_open(turn)
    rings = rings or (alert is not None and alert.level >= ALERTING)
    show_staff(turn, text, alert, Lane.ALERT if rings else Lane.REST)
