"""Times, counted days and directions as each language writes them."""

from datetime import UTC, datetime

import pytest

from bot.settings import Settings
from flows.local_words import DAY, DAY_AND_TIME, isolated, plural, weekdays, written

TUESDAY = datetime(2026, 11, 24, 14, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("es", "martes 24 de noviembre, 14:05"),
        ("pt", "terça-feira, 24 de novembro, 14:05"),
        ("ru", "вторник, 24 ноября, 14:05"),
        ("ar", "الثلاثاء 24 نوفمبر، 14:05"),
        ("zh", "11月24日星期二 14:05"),
    ],
)
def test_a_time_is_written_as_people_write_it(language, said):
    assert written(TUESDAY, DAY_AND_TIME[language], language) == said


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("es", "24 de noviembre de 2026"),
        ("pt", "24 de novembro de 2026"),
        ("ru", "24 ноября 2026"),
        ("ar", "24 نوفمبر 2026"),
        ("zh", "2026年11月24日"),
    ],
)
def test_a_date_is_written_as_people_write_it(language, said):
    assert written(TUESDAY, DAY[language], language) == said


@pytest.mark.parametrize(
    ("language", "number", "form"),
    [
        ("en", 1, "one"), ("en", 3, "other"), ("ru", 1, "one"), ("ru", 3, "few"),
        ("ru", 7, "many"), ("ar", 1, "one"), ("ar", 2, "two"), ("ar", 7, "few"),
        ("ar", 11, "many"), ("zh", 7, "other"), ("es", 7, "other"),
    ],
)  # fmt: skip
def test_a_counted_day_takes_its_languages_form(language, number, form):
    assert plural(language, number) == form


def test_opening_hours_name_the_days_in_the_patients_language():
    assert weekdays("Mon-Fri 09:00-18:00", "en") == "Mon-Fri 09:00-18:00"
    assert weekdays("Mon-Fri 09:00-18:00", "es") == "lun-vie 09:00-18:00"
    assert weekdays("Mon to Fri 9 to 18", "zh") == "周一 to 周五 9 to 18"


@pytest.mark.parametrize(("language", "said"), [
    ("en", "Mon-Fri 09:00-18:00"), ("es", "lun-vie 09:00-18:00"), ("ru", "пн-пт 09:00-18:00"),
    ("ar", "الاثنين-الجمعة 09:00-18:00"), ("zh", "周一-周五 09:00-18:00"),
])  # fmt: skip
def test_opening_hours_name_the_days_as_the_settings_have_them(language, said):
    assert weekdays(Settings.model_fields["clinic_hours"].default, language) == said


def test_a_phone_number_keeps_its_order_in_an_arabic_line_and_no_other_is_touched():
    assert isolated("+34 600 123 456", "ar") == "\u2068+34 600 123 456\u2069"
    assert isolated("+34 600 123 456", "es") == "+34 600 123 456"
    assert isolated("• a\n• b", "ar") == "• a\n• b"
    assert isolated("", "ar") == ""
