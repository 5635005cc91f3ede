"""Exports on both engines: what is in the file, what is erased, and what cannot run in it."""

import asyncio
import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from clinic_history import ENDED, KEYRING, anna_and_ben, case, history

from bot.export.columns import COLUMNS, ERASED
from bot.export.writing import Options, OptionsError, write_csv
from flows.engine.events import Noted
from flows.protocol_file import bundled, bundled_text
from storage import clinic, journal
from storage.saving import new_case
from storage.sealing import Keyring, SealError, new_key_text
from storage.transaction import Query, StorageError

Export = Callable[..., list[dict[str, str]]]


def told(done: int, total: int) -> None:
    assert done <= total


async def exported(url: str, rows: str = "answer", **options) -> list[dict[str, str]]:
    """Return the rows of an export as a spreadsheet's program reads them."""
    out = io.BytesIO()
    wanted = Options(rows, **options)
    count = await asyncio.to_thread(write_csv, url, KEYRING, wanted, out, told)
    read = list(csv.reader(io.StringIO(out.getvalue().decode("utf-8-sig"), newline="")))
    assert read[0] == list(COLUMNS[rows])
    assert {len(row) for row in read} == {len(read[0])}
    assert count == len(read) - 1
    return [dict(zip(read[0], row, strict=True)) for row in read[1:]]


async def test_each_answer_of_annas_last_revision_is_a_row(url, database) -> None:
    await anna_and_ben(database)
    rows = await exported(url)
    assert [(row["check_in"], row["question"], row["answer"]) for row in rows] == [
        ("1/check_in/6", "red_flags", "none"),
        ("1/check_in/6", "redness", "1"),
        ("1/check_in/6", "swelling", "0"),
        ("1/check_in/6", "hives", "none"),
        ("1/check_in/24", "red_flags", "none"),
        ("1/check_in/24", "redness", "3"),
        ("1/check_in/24", "temp_c", "39.2"),
        ("1/check_in/24", "warmth", "true"),
        ("1/check_in/24", "bruise", "0"),
        ("1/check_in/24", "words", "my cheek is hot, really"),
    ]


async def test_a_row_says_when_by_which_rules_and_who_took_the_alert(url, database) -> None:
    await anna_and_ben(database)
    row = (await exported(url))[6]
    assert row | {"rules": "", "question_term": "", "answer_in_words": ""} == {
        "case": "A7K2", "session": "1", "treatment": "mn_topical", "area": "face", "lot": "L-1",
        "check_in": "1/check_in/24", "purpose": "check_in",
        "due_utc": "2026-11-25T09:30:00+00:00", "due_local": "2026-11-25T10:30:00+01:00",
        "sent_utc": "2026-11-25T09:30:00+00:00",
        "answered_utc": "2026-11-25T09:45:00+00:00", "answered_local": "2026-11-25T10:45:00+01:00",
        "hours": "24.25", "question": "temp_c", "question_term": "", "answer": "39.2",
        "answer_in_words": "", "level": "urgent", "rules": "",
        "protocol": "exosome-aftercare@1.0.0-draft.2", "alert": "A7K2-1", "alert_level": "urgent",
        "raised_utc": "2026-11-25T09:45:00+00:00", "claimed_by": "Ben",
        "claimed_utc": "2026-11-25T09:48:00+00:00", "contacted_utc": "", "resolved_utc": "",
        "outcome": "",
    }  # fmt: skip
    assert "FEV-07" in row["rules"].split(";")


async def test_an_answer_is_also_written_in_words_of_the_protocol_it_was_sorted_by(
    url, database
) -> None:
    await anna_and_ben(database)
    said = {row["question"]: row["answer_in_words"] for row in await exported(url)}
    assert said["temp_c"] == "39.2 °C"
    assert said["warmth"] == "yes"
    assert said["bruise"] == bundled().question_by_id["bruise"].options[0].label["en"]
    assert said["red_flags"] == "none"
    text = bundled_text().replace('"Body temperature"', '"=fever"')
    await database.run(clinic.keep_protocol(bundled().name, text, ENDED))
    terms = {row["question"]: row["question_term"] for row in await exported(url)}
    assert terms["temp_c"] == "'=fever"


async def test_a_protocol_that_can_no_longer_be_read_leaves_ids_and_numbers(url, database) -> None:
    await anna_and_ben(database)
    await database.run(clinic.keep_protocol(bundled().name, "not a protocol", ENDED))
    rows = await exported(url)
    assert (rows[6]["question"], rows[6]["answer"]) == ("temp_c", "39.2")
    assert rows[6]["question_term"] == rows[6]["answer_in_words"] == ""


async def test_names_of_patients_are_nowhere(url, database) -> None:
    await anna_and_ben(database)
    for kind in COLUMNS:
        assert "Secret" not in str(await exported(url, kind))


async def test_every_check_in_is_a_row_with_its_state_and_reason(url, database) -> None:
    await anna_and_ben(database)
    rows = await exported(url, "check_in")
    assert [(row["check_in"], row["state"], row["reason"], row["answers"]) for row in rows] == [
        ("1/check_in/6", "complete", "", "4"),
        ("1/check_in/24", "complete", "", "5"),
        ("1/check_in/72", "missed_by_system", "the bot was down", ""),
        ("1/check_in/120", "planned", "", ""),
    ]
    assert [row["alert"] for row in rows] == ["", "A7K2-1", "", ""]


async def test_a_session_is_a_row_with_what_its_check_ins_came_to(url, database) -> None:
    await anna_and_ben(database)
    (row,) = await exported(url, "session")
    names = ("check_ins", "sent", "answered", "completed", "missed", "highest_level", "alerts")
    assert [row[name] for name in names] == ["4", "2", "2", "2", "1", "urgent", "1"]
    assert row["alerts_open"] == "1"


async def test_only_omars_case_is_exported_when_his_is_asked_for(url, database) -> None:
    await anna_and_ben(database)
    await database.run(history("B3M9", words="fine"))
    assert {row["case"] for row in await exported(url)} == {"A7K2", "B3M9"}
    assert {row["case"] for row in await exported(url, case="B3M9")} == {"B3M9"}
    with pytest.raises(OptionsError, match=r"There is no case ZZZZ\."):
        await exported(url, case="ZZZZ")


async def test_only_answers_of_the_time_asked_for_are_exported(url, database) -> None:
    await anna_and_ben(database)
    second = datetime(2026, 11, 25, 9, 45, tzinfo=UTC)
    assert {row["check_in"] for row in await exported(url, since=second)} == {"1/check_in/24"}
    assert {row["check_in"] for row in await exported(url, until=second)} == {"1/check_in/6"}


async def test_a_destroyed_key_leaves_rows_that_say_erased(url, database) -> None:
    await anna_and_ben(database)
    await database.run(history("B3M9"))

    def erase():
        yield Query("UPDATE patient SET wrapped_key = :none WHERE code = 'A7K2'", {"none": b""})

    await database.run(erase())
    rows = await exported(url, case="A7K2")
    assert [row["question"] for row in rows] == [ERASED, ERASED, "words"]
    assert {row["answer"] for row in rows} == {ERASED}
    assert {row["alert"] for row in rows} == {ERASED}
    assert "cheek" not in str(rows)
    assert {row["answers"] for row in await exported(url, "check_in", case="A7K2")} == {ERASED, ""}
    assert (await exported(url, "session"))[0]["alerts"] == ERASED
    assert len(await exported(url, case="B3M9")) == 10


async def test_words_without_a_check_in_are_exported_too(url, database) -> None:
    def wrote():
        key = yield from new_case(KEYRING, case("A7K2", area="=1+1", lot="@L"), now)
        for text in ("=cmd|' /C calc'!A0", "", "a;=1+1"):
            yield from journal.noted("A7K2", key, Noted("patient", "photo", text), None, now)

    now = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
    await database.run(wrote())
    rows = await exported(url)
    assert [row["answer"] for row in rows] == ["'=cmd|' /C calc'!A0", "a;'=1+1"]
    assert rows[0]["hours"] == "2.5"
    assert (rows[0]["area"], rows[0]["lot"]) == ("'=1+1", "'@L")
    assert rows[0]["check_in"] == ""


async def test_a_milder_alert_that_took_the_answer_up_is_named_beside_it(url, database) -> None:
    await anna_and_ben(database)

    def moves_on():
        rows = yield Query("SELECT wrapped_key, 1 AS one FROM patient")
        key = KEYRING.unwrap(bytes(rows[0]["wrapped_key"]))
        body = (yield Query("SELECT body FROM alert"))[0]["body"]
        plain = key.open(bytes(body), "alert|body|A7K2:A7K2-1")
        later = plain.replace(b"1/check_in/24", b"1/check_in/72")
        sealed = key.seal(later, "alert|body|A7K2:A7K2-1")
        yield Query("UPDATE alert SET body = :body", {"body": sealed})

    await database.run(moves_on())
    rows = await exported(url, "check_in")
    assert [row["alert"] for row in rows] == ["", "A7K2-1", "A7K2-1", ""]


async def test_another_key_ends_the_export_with_a_sentence(url, database) -> None:
    await anna_and_ben(database)
    other = Keyring.from_text(new_key_text())
    with pytest.raises(SealError, match="Add the key that was used before"):
        await asyncio.to_thread(write_csv, url, other, Options("answer"), io.BytesIO(), told)


async def test_a_database_of_another_version_is_not_read(url, database) -> None:
    def older():
        yield Query("UPDATE alembic_version SET version_num = '0000'")

    await database.run(older())
    with pytest.raises(StorageError, match="Start the bot once"):
        await exported(url)


async def test_progress_counts_the_cases(url, database) -> None:
    for code in ("A7K2", "B3M9", "C4D5"):
        await database.run(history(code))
    seen: list[tuple[int, int]] = []

    def note(done: int, total: int) -> None:
        seen.append((done, total))

    out = io.BytesIO()
    await asyncio.to_thread(write_csv, url, KEYRING, Options("answer"), out, note)
    assert seen == [(1, 3), (2, 3), (3, 3)]
