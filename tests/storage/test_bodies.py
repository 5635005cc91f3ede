"""What stands sealed in a row comes out as it went in."""

from dataclasses import replace
from datetime import UTC, datetime

from flows.engine.record import Patient, StoredAlert
from flows.escalation import Told
from flows.verdict import Fired, Level
from storage.bodies import (
    alert_body,
    alert_fields,
    packed,
    patient_body,
    patient_fields,
    unpacked,
)

NOW = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)
FEVER = Fired("FEVER", Level.URGENT, "39.0-40.0 C", ("fda",), "P3")


def test_an_alert_has_all_that_its_card_says_after_it_was_stored():
    told = (Told(NOW, Level.URGENT, "first"),)
    alert = StoredAlert(
        "A7K2-1", "A7K2", Level.URGENT, NOW, NOW, 1, 6.5, "1/check_in/6", "abandoned_2h",
        "call_list", ("39.2",), (FEVER,), 2, notified=told, choosing_outcome=True,
        serious_in=(1, 2), version=3,
    )  # fmt: skip
    again = replace(
        StoredAlert("A7K2-1", "A7K2", Level.URGENT, NOW, NOW, 0, 0.0),
        **alert_fields(unpacked(packed(alert_body(alert)))),
    )
    assert again == alert


def test_an_alert_that_was_stored_before_photos_were_counted_has_none():
    alert = StoredAlert("A7K2-1", "A7K2", Level.URGENT, NOW, NOW, 1, 6.5)
    body = alert_body(alert)
    del body["enclosed"]
    assert replace(alert, **alert_fields(unpacked(packed(body)))).enclosed == 0


def test_an_alert_that_was_stored_before_its_serious_sessions_were_has_its_own():
    alert = StoredAlert("A7K2-1", "A7K2", Level.URGENT, NOW, NOW, 2, 6.5)
    body = alert_body(alert)
    del body["serious_in"]
    assert replace(alert, **alert_fields(unpacked(packed(body)))).serious_in == (2,)


def test_a_patient_has_all_that_no_column_holds_after_it_was_stored():
    plain = Patient("A7K2", "exosome@1", "active", "en", "Europe/Berlin", 7001)
    patient = replace(
        plain, name="Anna", ticked=frozenset({"pregnant"}), consented_at=NOW, doubted_at=NOW,
        quiet=("21:00", "9:00"),
        recognised_at=NOW, moving_to=7002, moving_name="Anna B", reports=2,
    )  # fmt: skip
    again = replace(plain, **patient_fields(unpacked(packed(patient_body(patient)))))
    assert again == patient
