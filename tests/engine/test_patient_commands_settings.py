"""Anna changes her settings."""

from datetime import date, timedelta

import pytest
from desk_of_a_clinic import ANNAS_CHAT, DESK, NOW, anna, buttons, desk_with, of_kind, told
from desk_of_a_clinic import turn_of as turn
from signed_files import copies

from flows.engine.events import Change, Drop, Plan
from flows.engine.inputs import Commanded, Pressed, Wrote
from flows.engine.patient_commands import commanded, settings_pressed
from flows.engine.planning import plan_check_ins
from flows.engine.record import Record, StoredAlert
from flows.engine.settings import typed_zone
from flows.engine.stored_check_in import StoredCheckIn
from flows.engine.time_zones import cities, zones_of
from flows.engine.turn import Turn
from flows.tables import Translation
from flows.verdict import Level


def press(record: Record, code: str, desk=DESK) -> Turn:
    decision = turn(record, desk=desk)
    settings_pressed(decision, Pressed(code, 21))
    return decision


def write(record: Record, text: str) -> tuple[Turn, bool]:
    decision = turn(record)
    return decision, typed_zone(decision, Wrote(text, 22))


def followed() -> Record:
    decision = turn(anna())
    plan_check_ins(decision)
    return decision.record


def test_the_settings_show_what_is_and_offer_what_could_be():
    decision = turn(anna())
    commanded(decision, Commanded("settings"))
    [text] = told(decision.events)
    for said in ("Language: English", "Check-ins: on", "between 21:00 and 08:00", "Berlin, where"):
        assert said in text
    assert buttons(decision.events) == {
        "Pause: 1 day": "s:pause:1",
        "Pause: 3 days": "s:pause:3",
        "Pause: 7 days": "s:pause:7",
        "Later mornings: quiet until 09:00": "s:quiet:09.00",
        "Later mornings: quiet until 10:00": "s:quiet:10.00",
        "Use another time zone": "s:zone",
        "Español": "s:language:es",
        "Português": "s:language:pt",
        "Русский": "s:language:ru",
        "العربية": "s:language:ar",
        "中文": "s:language:zh",
        "Close": "s:done",
    }


@pytest.mark.parametrize("days", [1, 3, 7])
def test_a_pause_says_honestly_what_it_means(days):
    decision = press(anna(), f"s:pause:{days}")
    until = NOW + timedelta(days=days)
    assert decision.patient.paused_until == until
    assert Plan("pause", "A7K2", until) in decision.events
    [text] = told(decision.events)
    assert "nobody sees it if you get worse" in text
    assert "/report" in text


def test_a_pause_silences_no_alert_and_moves_no_check_in():
    alert = StoredAlert("A7K2-1", "A7K2", Level.URGENT, NOW, NOW, 1, 1.0)
    record = followed().with_alert(alert)
    after = press(record, "s:pause:3").record
    assert after.alerts == record.alerts
    assert after.check_ins == record.check_ins


@pytest.mark.parametrize("code", ["s:pause:2", "s:pause:365", "s:pause:", "s:pause:-1", "s:what"])
def test_a_pause_that_is_not_offered_is_not_taken(code):
    decision = press(anna(), code)
    assert decision.record == anna()
    assert "Your settings" in told(decision.events)[0]


def test_the_end_of_a_pause_asks_what_came_due_in_it():
    held = StoredCheckIn(
        "1/check_in/24", 1, "check_in", 24, NOW - timedelta(hours=1), state="paused"
    )
    record = anna(paused_until=NOW + timedelta(days=1)).with_check_in(held)
    decision = press(record, "s:resume")
    assert decision.patient.paused_until is None
    assert decision.record.check_ins["1/check_in/24"].state == "sent"
    assert Drop("pause", "A7K2", "the patient ended it") in decision.events
    assert press(anna(), "s:resume").record == anna()


def test_anna_sleeps_longer_and_goes_back_to_the_usual():
    later = press(anna(), "s:quiet:10.00")
    assert later.patient.quiet == ("21:00", "10:00")
    assert "between 21:00 and 10:00" in told(later.events)[0]
    assert buttons(later.events)["Quiet until 08:00"] == "s:quiet:usual"
    assert press(later.record, "s:quiet:usual").patient.quiet is None
    assert press(anna(), "s:quiet:23.00").patient.quiet is None


def test_anna_types_her_city_and_what_comes_is_planned_for_its_clock():
    record = followed()
    decision, taken = write(record, "zone new york")
    assert taken
    assert decision.patient.zone == "America/New_York"
    assert decision.record.last_visit.session.zone == "America/New_York"
    assert "New York, where it is 04:30 now" in told(decision.events)[0]
    moved = decision.record.check_ins["1/check_in/6"]
    assert moved.state == "planned"
    assert of_kind(decision.events, Plan)


@pytest.mark.parametrize("words", ["time zone Lisbon", "ZONE lisbon.", "zone Europe/Lisbon"])
def test_the_city_can_be_written_in_many_ways(words):
    assert write(anna(), words)[0].patient.zone == "Europe/Lisbon"


@pytest.mark.parametrize(
    "words",
    [
        "Lisbon",
        "I feel faint",
        "zone",
        "zoneless",
        "my zone is red",
        "38.2",
        "Zone is very swollen",
    ],
)
def test_other_words_are_never_taken_for_a_city(words):
    decision, taken = write(anna(), words)
    assert not taken
    assert decision.events == []
    assert decision.record == anna()


@pytest.mark.hazard("H25")
@pytest.mark.parametrize("words", ["zone Bullerbyn", "Zone swollen"])
def test_a_city_that_nobody_knows_is_asked_again_and_heard_as_words(words):
    """It may as well be a symptom: «Zona hinchada» is what the question in Spanish asks about."""
    decision, taken = write(anna(), words)
    assert not taken, "whoever hears all other words hears these too"
    assert "do not know this city" in told(decision.events)[0]
    assert decision.record == anna()


def test_of_two_cities_with_one_name_anna_chooses():
    name, zones = next((n, z) for n, z in cities().items() if len(z) > 1)
    decision, _ = write(anna(), f"zone {name}")
    codes = list(buttons(decision.events).values())
    assert codes == [f"s:zone:{zone}" for zone in zones]
    assert press(anna(), codes[1]).patient.zone == zones[1]


def test_every_zone_fits_into_a_button_and_no_name_has_too_many():
    every = [zone for zones in cities().values() for zone in zones]
    assert max(len(f"s:zone:{zone}") for zone in every) <= 64
    assert max(map(len, cities().values())) <= 6
    assert zones_of("berlin") == ("Europe/Berlin",)


@pytest.mark.parametrize("code", ["s:zone:Mars/Crater", "s:zone:lisbon", "s:zone:../../etc"])
def test_a_forged_zone_changes_nothing(code):
    assert press(anna(), code).record == anna()


def test_back_to_the_zone_of_the_clinic():
    away = write(anna(), "zone lisbon")[0].record
    assert "s:zone:clinic" in buttons(press(away, "s:show").events).values()
    assert press(away, "s:zone:clinic").patient.zone == "Europe/Berlin"


def test_choosing_the_zone_that_it_is_already_plans_nothing():
    assert press(anna(), "s:zone:clinic").record == anna()


def test_the_way_to_another_zone_is_explained():
    assert "zone Lisbon" in told(press(anna(), "s:zone").events)[0]


def test_where_the_protocol_has_several_languages_anna_changes_hers():
    metadata = DESK.protocol.protocol.model_copy(update={"languages": ("en", "es")})
    desk = desk_with(DESK.protocol.model_copy(update={"protocol": metadata}))
    decision = press(anna(), "s:language:es", desk)
    assert decision.patient.language == "es"
    assert "Idioma: Español" in told(decision.events)[0]
    assert press(anna(), "s:language:ru", desk).patient.language == "en"


@pytest.mark.hazard("H42")
def test_who_reads_a_machines_translation_is_told_so_until_all_of_it_is_reviewed(tmp_path):
    signed = Translation(reviewed_by="Carmen Ruiz", reviewed_on=date(2026, 12, 1))
    reviewed = desk_with(DESK.protocol.model_copy(update={"translations": {"es": signed}}))
    with copies(tmp_path) as files:
        for desk in (DESK, reviewed):
            [text] = told(press(anna(), "s:language:es", desk).events)
            assert "traducción aún sin revisar por un hablante nativo" in text
        files.sign("phrases")
        [text] = told(press(anna(), "s:language:es").events)
        assert "sin revisar" in text, "the protocol is not signed"
        [text] = told(press(anna(), "s:language:es", reviewed).events)
        assert "sin revisar" not in text


def test_the_settings_are_closed_in_place():
    [changed] = of_kind(press(anna(), "s:done").events, Change)
    assert changed.message_id == 21
    assert changed.message.keys == ()


@pytest.mark.parametrize("stage", ["asked_consent", "pairing", "declined", "stopped"])
@pytest.mark.parametrize("code", ["s:pause:3", "s:zone:clinic", "s:quiet:10.00", "s:done"])
def test_a_press_on_old_settings_changes_nothing_for_others(stage, code):
    decision = press(anna(stage, chat_id=ANNAS_CHAT), code)
    assert decision.record == anna(stage)
    assert len(told(decision.events)) == 1
