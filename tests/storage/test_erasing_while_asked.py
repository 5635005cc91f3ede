"""Whoever is being asked about warning signs is not erased: an alert may be about to follow."""

from cared_for import NOW, clinic_at, on, rows, terminal

from storage import due
from storage.due import DueRow


def test_nobody_is_erased_while_a_list_of_warning_signs_waits_for_an_answer(
    sqlite_url, tmp_path, monkeypatch
) -> None:
    clinic_at(sqlite_url, tmp_path, monkeypatch)
    rows(sqlite_url, "UPDATE alert SET resolved_at = opened_at")

    on(sqlite_url, lambda: due.plan(DueRow("red_flag", "A7K2:1/check_in/24", "A7K2", NOW)))
    result = terminal("erase", "A7K2", "--yes")
    assert result.exit_code == 2
    assert "A7K2 is being asked about warning signs" in result.output
    rows(sqlite_url, "UPDATE due SET state = 'done' WHERE kind = 'red_flag'")
    assert terminal("erase", "A7K2", "--yes").exit_code == 0
