"""`.env.example` names every setting, says what it is, and shows its default."""

from pathlib import Path

from bot.settings import Settings

TEXT = (Path(__file__).parents[1] / ".env.example").read_text(encoding="utf-8")
LINES = TEXT.splitlines()


def named() -> dict[str, int]:
    """The settings of the file, with the number of their line."""
    return {
        line.partition("=")[0]: number
        for number, line in enumerate(LINES)
        if line and not line.startswith("#")
    }


def test_it_names_every_setting_once_and_no_other() -> None:
    names = [line.partition("=")[0] for line in LINES if line and not line.startswith("#")]
    assert sorted(names) == sorted(name.upper() for name in Settings.model_fields)


def test_each_setting_has_a_comment_above() -> None:
    for name, number in named().items():
        above = LINES[number - 1]
        shares = above.startswith("LISTEN_HOST=") and name == "LISTEN_PORT"
        assert shares or (above.startswith("# ") and "──" not in above), name


def test_what_it_shows_are_the_defaults(tmp_path, monkeypatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    file = tmp_path / "env"
    file.write_text(TEXT, encoding="utf-8")
    assert Settings(_env_file=file) == Settings(_env_file=None)  # type: ignore[call-arg]


def test_what_stands_in_the_first_part_is_what_the_bot_cannot_start_without() -> None:
    first = TEXT.partition("── The clinic ──")[0]
    wanted = {line.partition("=")[0] for line in first.splitlines() if line.endswith("=")}
    missing = Settings(_env_file=None).missing()  # type: ignore[call-arg]
    assert wanted == {sentence.partition(" ")[0] for sentence in missing}


def test_its_examples_can_be_read() -> None:
    given = {
        "staff_roster": "5001:Ben:nurse, 5002:Cleo:doctor",
        "clinic_hours": "mon-fri 09:00-13:00, 14:00-18:00; sat 10:00-14:00",
        "clinic_timezone": "Europe/Berlin",
    }
    assert all(example in TEXT for example in given.values())
    assert len(Settings(_env_file=None, **given).staff) == 2  # type: ignore[call-arg]


def test_what_contradicts_itself_is_said() -> None:
    def said(**given: object) -> str:
        return " ".join(Settings(_env_file=None, **given).missing())  # type: ignore[arg-type]

    assert "KEEP_CASES_YEARS is less" in said(keep_cases_years=3, record_years=10)
    assert "KEEP_CASES_YEARS" not in said(keep_cases_years=0, record_years=10)
    assert "BACKUP_DIR is for SQLite" in said(backup_dir="x", database_url="postgresql://x/y")
    assert "BACKUP_DIR" not in said(backup_dir="x")
