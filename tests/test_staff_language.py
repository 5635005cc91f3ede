"""What staff read in another language, and what is refused as one."""

import ast
import symtable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from babel.messages.frontend import CommandLineInterface
from pseudo_language import PSEUDO, write_pseudo_language

from bot.board.board import templates
from bot.settings import SettingsError, settings
from flows import staff_language
from flows.engine.cards import waited
from flows.engine.desk import since_session
from flows.staff_language import (
    StaffTextsError,
    _,
    first_upper,
    full_date,
    in_english,
    languages,
    ngettext,
    pgettext,
    speak,
    weekday_and_date,
)

ROOT = Path(__file__).parents[1]
MONDAY = date(2026, 11, 23)


@pytest.fixture
def catalogues(tmp_path, monkeypatch):
    """A folder of catalogues of this test alone; English is spoken again after it."""
    monkeypatch.setattr(staff_language, "CATALOGUES", tmp_path)
    yield tmp_path
    speak("en")


def german(folder, *messages: str) -> None:
    """Write a German catalogue."""
    head = 'msgid ""\nmsgstr "Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n'
    (folder / f"{PSEUDO}.po").write_text("\n\n".join([head, *messages]), encoding="utf-8")


def test_the_template_has_every_message_that_stands_in_the_code(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(ROOT)
    made = tmp_path / "made.pot"
    CommandLineInterface().run([
        "pybabel", "-q", "extract", "--mapping-file=pyproject.toml", "--omit-header",
        "--add-location=file", "--sort-by-file", "--add-comments=Translators:",
        f"--output={made}", "bot", "flows", "storage",
    ])  # fmt: skip
    kept = staff_language.CATALOGUES / staff_language.TEMPLATE
    assert made.read_text("utf-8") == kept.read_text("utf-8"), "make staff-texts"


def marked_in_an_f_string(source: str) -> list[int]:
    """Return the lines where a message is marked inside an f-string."""
    return [
        call.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.JoinedStr)
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
        if call.func.id in ("_", "N_", "ngettext", "pgettext", "npgettext")
        and any(isinstance(one, ast.Constant) and isinstance(one.value, str) for one in call.args)
    ]  # fmt: skip


@pytest.mark.parametrize("package", ["bot", "flows", "storage"])
def test_no_message_hides_in_an_f_string_where_extraction_does_not_look(package) -> None:
    assert marked_in_an_f_string("""f"{_('Claim')} {key}" """) == [1]
    assert marked_in_an_f_string("""f"{_(LABEL)} {key}" """) == []
    for path in (ROOT / package).rglob("*.py"):
        assert marked_in_an_f_string(path.read_text("utf-8")) == [], path


def with_a_blank_of_its_own(table: symtable.SymbolTable) -> list[str]:
    """Return the functions that give the name `_` to something else, and use it."""
    found = [name for one in table.get_children() for name in with_a_blank_of_its_own(one)]
    if table.get_type() == "function" and "_" in table.get_identifiers():
        blank = table.lookup("_")
        found += [table.get_name()] if blank.is_local() and blank.is_referenced() else []
    return found


@pytest.mark.parametrize("package", ["bot", "flows", "storage"])
def test_no_function_that_translates_calls_something_else_a_blank(package) -> None:
    """It would call that, or nothing at all, instead of `gettext`."""
    source = "def said():\n    code, _ = ('A7K2', '')\n    return _('Claim')\n"
    assert with_a_blank_of_its_own(symtable.symtable(source, "", "exec")) == ["said"]
    for path in (ROOT / package).rglob("*.py"):
        table = symtable.symtable(path.read_text("utf-8"), str(path), "exec")
        assert with_a_blank_of_its_own(table) == [], path


def test_english_is_what_stands_in_the_code() -> None:
    assert _("Claim") == "Claim"
    assert ngettext("{n} day", "{n} days", 1) == "{n} day"
    assert weekday_and_date(MONDAY) == "Mon 23 Nov"
    assert full_date(MONDAY) == "23 November 2026"


def test_ben_reads_his_cards_in_the_language_of_the_clinic(catalogues) -> None:
    german(catalogues, 'msgid "{hours} h after"\nmsgstr "{hours} h danach"',
           'msgid "{days} day"\nmsgid_plural "{days} days"\n'
           'msgstr[0] "{days} Tag"\nmsgstr[1] "{days} Tage"')  # fmt: skip
    speak(PSEUDO)
    assert since_session(30) == "30 h danach"
    assert waited(datetime(2026, 1, 5, tzinfo=UTC) - datetime(2026, 1, 2, tzinfo=UTC)) == "3 Tage"


def test_what_has_no_translation_yet_stays_english(catalogues) -> None:
    german(catalogues, 'msgid "Claim"\nmsgstr ""', '#, fuzzy\nmsgid "Back"\nmsgstr "Hinten"')
    speak(PSEUDO)
    assert (_("Claim"), _("Back"), _("")) == ("Claim", "Back", "")


def test_days_and_months_are_named_in_the_language(catalogues) -> None:
    german(catalogues)
    speak(PSEUDO)
    assert weekday_and_date(MONDAY) == "Mo., 23. Nov."
    assert full_date(MONDAY) == "23. November 2026"


def test_a_word_of_two_meanings_has_a_context(catalogues) -> None:
    german(catalogues, 'msgctxt "alert"\nmsgid "open"\nmsgstr "offen"')
    speak(PSEUDO)
    assert (pgettext("alert", "open"), _("open")) == ("offen", "open")


def test_a_file_and_the_audit_trail_are_in_english_meanwhile(catalogues) -> None:
    german(catalogues, 'msgid "Claim"\nmsgstr "Übernehmen"')
    speak(PSEUDO)
    with in_english():
        assert (_("Claim"), weekday_and_date(MONDAY)) == ("Claim", "Mon 23 Nov")
    assert _("Claim") == "Übernehmen"


def test_only_the_first_letter_is_made_a_capital() -> None:
    assert first_upper("an den Notruf verwiesen") == "An den Notruf verwiesen"


def test_a_page_of_the_board_is_translated_and_still_escapes(catalogues) -> None:
    german(catalogues, 'msgid "Taken by %(name)s"\nmsgstr "Bei %(name)s"',
           'msgid "%(num)s alert"\nmsgid_plural "%(num)s alerts"\n'
           'msgstr[0] "%(num)s Alarm"\nmsgstr[1] "%(num)s Alarme"')  # fmt: skip
    page = templates().from_string(
        "{% trans name=who %}Taken by {{ name }}{% endtrans %}, "
        "{% trans num=2 %}{{ num }} alert{% pluralize %}{{ num }} alerts{% endtrans %}"
    )
    assert page.render(who="<Ben>") == "Taken by &lt;Ben&gt;, 2 alerts"
    speak(PSEUDO)
    assert page.render(who="<Ben>") == "Bei &lt;Ben&gt;, 2 Alarme"


def test_a_language_without_a_catalogue_is_refused_at_the_start(catalogues) -> None:
    german(catalogues)
    assert languages() == ["de", "en"]
    with pytest.raises(SettingsError, match="STAFF_LANGUAGE: there is no catalogue «fr» of staff"):
        settings(_env_file=None, staff_language="fr")
    assert settings(_env_file=None, staff_language="de").staff_language == "de"


@pytest.mark.parametrize(
    "message",
    [
        'msgid "Show {key}"\nmsgstr "Zeigen"',
        'msgid "Show {key}"\nmsgstr "{code} zeigen"',
        'msgid "Back"\nmsgstr "Zurück {name}"',
        'msgid "Show {key}"\nmsgstr "{key zeigen"',
        'msgid "Show %(key)s"\nmsgstr "Zeigen"',
        'msgid "{n} day"\nmsgid_plural "{n} days"\nmsgstr[0] "{n} Tag"\nmsgstr[1] "Tage"',
    ],
)
def test_a_translation_that_loses_what_is_filled_in_is_refused(catalogues, message) -> None:
    german(catalogues, message)
    with pytest.raises(StaffTextsError, match=r"^de\.po: .* has to name"):
        speak(PSEUDO)


def test_one_day_may_be_said_without_its_number(catalogues) -> None:
    german(catalogues, 'msgid "one day"\nmsgid_plural "{n} days"\n'
           'msgstr[0] "ein Tag"\nmsgstr[1] "{n} Tage"')  # fmt: skip
    speak(PSEUDO)
    assert ngettext("one day", "{n} days", 1) == "ein Tag"


def test_a_file_that_is_no_catalogue_is_refused(catalogues) -> None:
    (catalogues / "de.po").write_text("Guten Tag", encoding="utf-8")
    with pytest.raises(StaffTextsError, match=r"^de\.po cannot be read"):
        speak(PSEUDO)


def test_the_pseudo_language_has_every_message(catalogues, monkeypatch) -> None:
    with monkeypatch.context() as real:
        real.setattr(staff_language, "CATALOGUES", ROOT / "flows/staff_texts")
        write_pseudo_language(catalogues)
    speak(PSEUDO)
    assert _("Claim") == "⟦Claim⟧"
