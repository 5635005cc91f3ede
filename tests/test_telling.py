"""What Anna types after /faq that looks nothing up: how she is, in six languages."""

import pytest

from bench.redflags.corpus import corpus
from flows.faq_file import bundled_faq
from flows.telling import tells


@pytest.mark.hazard("H50")
@pytest.mark.parametrize(
    "said",
    [
        "my arm is swollen and hot", "is it normal that my arm is hot?", "it hurts since yesterday",
        "I'm feeling odd", "tengo el brazo hinchado", "¿es normal que mi brazo esté caliente?",
        "minha pele está quente", "está pior desde ontem", "у меня опухла рука",
        "рука опухла и горит",
        "ذراعي حارة", "عندي تورم", "هل طبيعي أن يكون وجهي أحمر؟", "我手臂又红又热",
        "我的脸肿了正常吗？",
        "手臂从昨天开始又红又热",
    ],
)  # fmt: skip
def test_how_she_is_is_told(said) -> None:
    assert tells(said)


@pytest.mark.parametrize(
    "asked",
    [
        "sessions", "redness after treatment", "how long does redness last", "when do I see it",
        "can I wear makeup", "what is exosome therapy?", "¿cuándo veré resultados?", "estrías",
        "quantas sessões vou precisar", "когда будет виден результат", "сколько сеансов мне нужно?",
        "كم جلسة أحتاج", "متى أرى النتائج", "次数", "什么时候能看到效果？", "我需要做几次？",
        "", "?", "👍",
    ],
)  # fmt: skip
def test_what_anybody_may_ask_is_looked_up(asked) -> None:
    assert not tells(asked)


def test_no_question_of_the_clinics_own_is_taken_for_a_message() -> None:
    faq = bundled_faq()
    for one in faq.answers:
        for words in (*one.question.values(), *one.words):
            assert faq.is_question(words) or not tells(words) or words in {"me", "can i"}


def test_of_those_who_tell_most_are_heard() -> None:
    """The shares that `flows.telling` states; what may be a sign is heard before they count."""
    said = corpus()
    mild = [tells(one.text) for one in said if one.category == "mild"]
    signs = [tells(one.text) for one in said if one.interrupt]
    assert round(sum(mild) / len(mild), 1) == 0.7
    assert round(sum(signs) / len(signs), 1) == 0.8
