"""What Anna finds when she types a word after /faq, and which files of answers are refused."""

from pathlib import Path

import pytest

from flows.faq import LONGEST_ANSWER, Faq
from flows.faq_file import bundled_faq, load_faq, parsed
from flows.protocol_file import ProtocolError, bundled

SMALL = """
[faq]
languages = ["en"]

[[answers]]
id = "sun"
question.en = "May I go into the sun?"
answer.en = "Stay out of it for a week."
words = ["tan"]
"""


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("how many sessions", "sessions"),
        ("When do I see results?", "results_skin"),
        ("resutls", "results_skin"),
        ("hair", "hair"),
        ("SCARS", "scars"),
        ("dark spots", "pigment"),
        ("does it hurt", "side_common"),
        ("is bruising normal", "side_common"),
        ("lumps", "side_less"),
        ("can I do this pregnant", "suitability"),
        ("how long does it take", "duration"),
        ("what is an exosome", "what"),
    ],
)
def test_the_best_answer_comes_first(typed, found) -> None:
    assert bundled_faq().search(typed)[0].id == found


@pytest.mark.parametrize("typed", ["", "?", "what is it", "zebra", "👍", "can I wear makeup"])
def test_where_nothing_fits_nothing_is_found(typed) -> None:
    assert bundled_faq().search(typed) == []


@pytest.mark.parametrize(
    ("language", "typed", "found"),
    [
        ("es", "cuantas sesiones", "sessions"),
        ("es", "¿duele?", "side_common"),
        ("es", "estoy embarazada", "suitability"),
        ("es", "resultdos", "results_skin"),
        ("pt", "quantas sessões", "sessions"),
        ("pt", "cabelo", "hair"),
        ("pt", "dói", "side_common"),
        ("ru", "Сколько сеансов", "sessions"),
        ("ru", "волосами", "hair"),
        ("ru", "рубцам", "scars"),
        ("ru", "шишки", "side_less"),
        ("ru", "я беременна", "suitability"),
        ("ar", "كم جلسة", "sessions"),
        ("ar", "والجلسات", "sessions"),
        ("ar", "شعر", "hair"),
        ("ar", "للحامل", "suitability"),
        ("zh", "需要做几次", "sessions"),
        ("zh", "我怀孕了可以做吗", "suitability"),
        ("zh", "治疗要多长时间", "duration"),
        ("zh", "外泌体是什么", "what"),
        ("es", "how many sessions", "sessions"),
        ("en", "сколько сеансов", "sessions"),
    ],
)
def test_the_best_answer_comes_first_in_every_language(language, typed, found) -> None:
    """Whoever writes in another language than the chat's finds it as well."""
    assert bundled_faq().search(typed, language)[0].id == found


@pytest.mark.parametrize(
    ("language", "typed"),
    [("es", "qué es esto"), ("pt", "o que é"), ("ru", "что это"), ("ar", "ما هذا"), ("zh", "什么")],
)
def test_words_that_say_nothing_find_nothing_in_any_language(language, typed) -> None:
    assert bundled_faq().search(typed, language) == []


def own_faq(text: str) -> Faq:
    """Return what a clinic's own file comes to."""
    return parsed("own.toml", {"own.toml": text})


def test_the_same_words_find_the_same_in_any_case_and_with_any_accent() -> None:
    faq = bundled_faq()
    assert faq.search("Réjuvenation") == faq.search("rejuvenation") != []


def test_a_rare_word_counts_more_than_a_common_one() -> None:
    assert bundled_faq().search("exosome pregnancy")[0].id == "suitability"


def test_the_bundled_answers_are_for_the_bundled_protocol_alone() -> None:
    assert bundled_faq().fits(bundled())
    assert own_faq(SMALL).fits(bundled())
    assert not own_faq(SMALL.replace("[faq]", '[faq]\nabout = "laser"')).fits(bundled())


def test_a_clinic_can_bring_its_own(tmp_path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(SMALL, encoding="utf-8")
    [one] = load_faq(path).search("tan")
    assert one.id == "sun"


def test_words_in_another_language_fall_back_to_the_first() -> None:
    faq = own_faq(SMALL)
    [one] = faq.answers
    assert faq.said(one.answer, "ru") == "Stay out of it for a week."
    assert faq.named("moon") is None


TWO_LANGUAGES = """
[faq]
languages = ["en", "es"]

[[answers]]
id = "food"
question.en = "Once more pie?"
question.es = "¿Más tarta?"
answer.en = "Yes."
answer.es = "Sí."

[[answers]]
id = "feet"
question.en = "And my feet?"
question.es = "¿Y mi pie?"
answer.en = "Yes."
answer.es = "Sí."
"""


def test_a_word_of_two_languages_is_taken_as_one_of_the_chats() -> None:
    """«Pie» is to be eaten in English, and stood on in Spanish."""
    faq = own_faq(TWO_LANGUAGES)
    assert [faq.search("pie", language)[0].id for language in ("en", "es")] == ["food", "feet"]


SPANISH = """
ignore = ["sobre"]
[answers.sun]
question = "¿Puedo tomar el sol?"
answer = "Evítelo una semana."
words = ["moreno"]
"""


def own_with_spanish(folder: Path, spanish: str) -> Path:
    (folder / "own.toml").write_text(SMALL, encoding="utf-8")
    (folder / "own.es.toml").write_text(spanish, encoding="utf-8")
    return folder / "own.toml"


def test_a_clinics_own_answers_have_their_translations_beside_them(tmp_path) -> None:
    faq = load_faq(own_with_spanish(tmp_path, SPANISH))
    [one] = faq.search("moreno", "es")
    assert faq.said(one.answer, "es") == "Evítelo una semana."
    assert faq.said(one.answer, "en") == "Stay out of it for a week."
    assert not faq.is_reviewed("es")
    assert faq.is_reviewed("en")


def test_a_review_counts_as_long_as_the_texts_are_those_that_were_reviewed(tmp_path) -> None:
    path = own_with_spanish(tmp_path, SPANISH)
    digest = load_faq(path).digest("es")
    signed = f'reviewed_by = "Carmen"\nreviewed_texts = "{digest}"\n{SPANISH}'
    assert load_faq(own_with_spanish(tmp_path, signed)).is_reviewed("es")
    with pytest.raises(ProtocolError, match="texts have changed since Carmen"):
        load_faq(own_with_spanish(tmp_path, signed.replace("una semana", "un mes")))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("[answers.sun]", "[answers.moon]", ("own.es.toml", "no answer «moon»")),
        ("answer = ", "anser = ", ("own.es.toml", "'answer' is missing")),
        ("[answers.sun]", "[answers.sun", ("own.es.toml", "not valid TOML")),
        ("Evítelo", "Evítelo" * LONGEST_ANSWER, ("«sun» (es)", "Make two of it")),
    ],
)
def test_a_translation_that_does_not_fit_is_refused_by_its_name(tmp_path, old, new, words) -> None:
    with pytest.raises(ProtocolError) as error:
        load_faq(own_with_spanish(tmp_path, SPANISH.replace(old, new)))
    assert all(word in str(error.value) for word in words), str(error.value)


def test_an_answer_that_a_translation_lacks_is_refused(tmp_path) -> None:
    with pytest.raises(ProtocolError, match=r"«sun»: no words in «es»"):
        load_faq(own_with_spanish(tmp_path, 'reviewed_by = ""'))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("[faq]", "[faq", ("own.toml", "not valid TOML")),
        ('languages = ["en"]', 'languages = ["en", "ru"]', ("«sun»", "no words in «ru»")),
        ("May I", f"May {'I' * 60}", ("«sun»", "Make two of it")),
        ("a week", "a week" * LONGEST_ANSWER, ("«sun»", "Make two of it")),
        ("answer.en", "anwser.en", ("own.toml, line", "answers")),
        ('words = ["tan"]', "[[answers]]\n" + SMALL.partition("[[answers]]\n")[2],
         ("the same id",)),
    ],
)  # fmt: skip
def test_a_file_that_would_leave_anna_without_an_answer_is_refused(old, new, words) -> None:
    with pytest.raises(ProtocolError) as error:
        own_faq(SMALL.replace(old, new, 1))
    assert all(word in str(error.value) for word in words), str(error.value)


def test_a_file_that_is_not_there_or_not_utf8_is_refused_by_its_name(tmp_path) -> None:
    with pytest.raises(ProtocolError, match="cannot be read"):
        load_faq(Path("nowhere.toml"))
    path = tmp_path / "own.toml"
    path.write_bytes(b"\xff")
    with pytest.raises(ProtocolError, match="save the file as UTF-8"):
        load_faq(path)
