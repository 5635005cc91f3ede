"""What patients decide for themselves: a pause, quiet hours, their time zone, the language."""

from dataclasses import replace
from datetime import timedelta

from flows.answers import plain
from flows.engine.deliveries import catch_up
from flows.engine.desk import clock_time
from flows.engine.enrolment_steps import with_foot
from flows.engine.events import Change, Did, Drop, Key, Message, Plan
from flows.engine.inputs import Wrote
from flows.engine.languages import NAMES, claimed, in_rows
from flows.engine.phrases import is_reviewed as phrases_are_reviewed
from flows.engine.phrases import phrases
from flows.engine.planning import plan_check_ins
from flows.engine.time_zones import city_of, is_zone, zones_of
from flows.engine.turn import Turn, column
from flows.translations import is_reviewed

PAUSES = (1, 3, 7)
"""Days of a pause. Own choice: nobody asks meanwhile, so the longest is a week."""

LATER_MORNINGS = ("09:00", "10:00")
"""Ends of longer quiet hours. Own choice: none later, since the mornings are when people say
how the night was."""

USUAL = "usual"
MOST_ZONES = 6
"""Zones offered where a city's name has several; none in the database has more than four."""


def settings(turn: Turn, lead: str = "") -> Message:
    """Return the settings as they are, and a button for each that can be had instead."""
    text = turn.phrase(
        "settings", language=language_line(turn),
        asking=asking(turn), quiet_start=quiet(turn)[0], quiet_end=quiet(turn)[1],
        zone=city_of(turn.patient.zone), local_time=clock_time(turn.now, turn.zone),
    )  # fmt: skip
    rows = (pause_row(turn), *quiet_rows(turn), *zone_rows(turn), *language_rows(turn))
    close = (Key(turn.phrase("settings_done"), "s:done"),)
    return with_foot(turn, Message(f"{lead}\n\n{text}" if lead else text, (*rows, close)))


def language_line(turn: Turn) -> str:
    """Return the language's name, and that no native speaker has reviewed its words yet.

    They are the protocol's and the phrases; each is signed in a file of its own.
    """
    language = turn.patient.language
    name = NAMES.get(language, language)
    if is_reviewed(turn.desk.protocol, language) and phrases_are_reviewed(language):
        return name
    return f"{name} ({turn.phrase('language_unreviewed')})"


def asking(turn: Turn) -> str:
    """Return whether check-ins come."""
    until = turn.patient.paused_until
    if until is None or until <= turn.now:
        return turn.phrase("settings_on")
    return turn.phrase("settings_paused", time=turn.moment(until))


def quiet(turn: Turn) -> tuple[str, str]:
    """Return the start and end of the patient's quiet hours."""
    table = turn.desk.protocol.quiet_hours
    return turn.patient.quiet or (table.start, table.end)


def pause_row(turn: Turn) -> tuple[Key, ...]:
    """Return the buttons of a pause: how long, or its end."""
    if turn.patient.paused_until is not None:
        return (Key(turn.phrase("resume"), "s:resume"),)
    return tuple(
        Key(turn.phrase("pause_button", days=turn.days(number)), f"s:pause:{number}")
        for number in PAUSES
    )


def quiet_rows(turn: Turn) -> tuple[tuple[Key, ...], ...]:
    """Return the quiet hours that can be chosen instead of the present ones."""
    usual, now = turn.desk.protocol.quiet_hours.end, quiet(turn)[1]
    rows = [Key(turn.phrase("quiet_usual", quiet_end=usual), f"s:quiet:{USUAL}")]
    rows += [
        Key(turn.phrase("quiet_later", quiet_end=end), f"s:quiet:{end.replace(':', '.')}")
        for end in LATER_MORNINGS
    ]
    ends = (usual, *LATER_MORNINGS)
    return column(*(key for key, end in zip(rows, ends, strict=True) if end != now))


def zone_rows(turn: Turn) -> tuple[tuple[Key, ...], ...]:
    """Return the clinic's zone where it is another, and the way to any other."""
    other = Key(turn.phrase("zone_other"), "s:zone")
    if turn.patient.zone == turn.desk.clinic.hours.zone.key:
        return ((other,),)
    return ((Key(turn.phrase("zone_clinic"), "s:zone:clinic"),), (other,))


def language_rows(turn: Turn) -> tuple[tuple[Key, ...], ...]:
    """Return the languages that can be chosen instead."""
    others = [one for one in claimed(turn) if one != turn.patient.language]
    return in_rows([Key(NAMES.get(one, one), f"s:language:{one}") for one in others])


def chosen(turn: Turn, code: str, under: int) -> None:
    """Take a press under the settings of an active patient; an old one shows them anew."""
    lead = ""
    match code.split(":"):
        case ["s", "done"]:
            closed = Message(turn.phrase("settings_closed"))
            put(turn, with_foot(turn, closed), under)
            return
        case ["s", "pause", number] if number in map(str, PAUSES):
            lead = pause(turn, int(number))
        case ["s", "resume"]:
            resume(turn)
        case ["s", "quiet", end]:
            choose_quiet(turn, end.replace(".", ":"))
        case ["s", "zone"]:
            lead = turn.phrase("zone_type")
        case ["s", "zone", "clinic"]:
            choose_zone(turn, turn.desk.clinic.hours.zone.key)
        case ["s", "zone", name] if is_zone(name):
            choose_zone(turn, name)
        case ["s", "language", language] if language in claimed(turn):
            turn.record = turn.record.with_patient(language=language)
            turn.add(Did(None, "patient", "language", detail=language))
    put(turn, settings(turn, lead), under)


def put(turn: Turn, message: Message, under: int) -> None:
    """Show something in place of the settings' message."""
    code = turn.patient.code
    turn.add(Change(under, message, f"settings:{code}", f"{code}:settings:{turn.stamp}:{under}"))


def pause(turn: Turn, number: int) -> str:
    """Ask nothing for some days, and say honestly what that means. Alerts are not held back."""
    until = turn.now + timedelta(days=number)
    turn.record = turn.record.with_patient(paused_until=until)
    turn.add(Plan("pause", turn.patient.code, until))
    turn.add(Did(None, "patient", "paused", detail=f"{number} d"))
    return turn.phrase("paused", time=turn.moment(until))


def resume(turn: Turn) -> None:
    """End a pause, and ask the newest of what came due in it."""
    if turn.patient.paused_until is None:
        return
    turn.record = turn.record.with_patient(paused_until=None)
    turn.add(Drop("pause", turn.patient.code, "the patient ended it"))
    turn.add(Did(None, "patient", "resumed"))
    catch_up(turn)


def choose_quiet(turn: Turn, end: str) -> None:
    """Choose quiet hours out of those that are offered."""
    table = turn.desk.protocol.quiet_hours
    if end in (*LATER_MORNINGS, USUAL):
        turn.add(Did(None, "patient", "quiet_hours", detail=end))
    if end in LATER_MORNINGS:
        turn.record = turn.record.with_patient(quiet=(table.start, end))
    elif end == USUAL:
        turn.record = turn.record.with_patient(quiet=None)


def choose_zone(turn: Turn, zone: str) -> None:
    """Move to a zone: what is still to come is planned anew for its wall clock."""
    if zone == turn.patient.zone:
        return
    visits = tuple(
        replace(visit, session=replace(visit.session, zone=zone)) for visit in turn.record.visits
    )
    turn.record = replace(turn.record, visits=visits).with_patient(zone=zone)
    turn.add(Did(None, "patient", "zone", detail=zone))
    plan_check_ins(turn)


def typed_zone(turn: Turn, said: Wrote) -> bool:
    """Take words such as `zone Lisbon`; whether they were that.

    The word before the city tells it from everything else that somebody may want to say, so
    nothing that is typed after the settings were opened can be taken for a city. What names no city
    is heard like all other words: `zone around my mouth is numb` is a symptom, and so is the
    Spanish for «zone swollen».
    """
    words = phrases(turn.patient.language)["zone_words"].split(" / ")
    said_plain = plain(said.text)
    starts = [word for word in words if said_plain.startswith(f"{word} ")]
    if not starts:
        return False
    city = said_plain.removeprefix(max(starts, key=len)).strip(" :.,")
    found = zones_of(city)
    if not found and " " in city:
        return False
    repeat = f"zone:{said.message_id}:{turn.stamp}"
    if len(found) == 1:
        choose_zone(turn, found[0])
        message = settings(turn)
    elif found:
        keys = column(*(Key(zone, f"s:zone:{zone}") for zone in found[:MOST_ZONES]))
        message = with_foot(turn, Message(turn.phrase("zone_which"), keys))
    else:
        message = with_foot(turn, Message(turn.phrase("zone_unknown")))
    turn.tell(message.text, repeat, keys=message.keys, slot=f"settings:{turn.patient.code}")
    return bool(found)
