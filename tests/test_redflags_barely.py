"""Free text: what somebody can barely do is a warning sign; what can barely be seen is none."""

import pytest

from flows.redflags import detect


@pytest.mark.hazard("H25")
@pytest.mark.parametrize(
    "message",
    """
    i can barely breathe
    I'm not ok, i can barely breathe
    she can barely breathe
    can barely swallow
    can barely see out of my left eye
    can barely stand
    can not breathe
    I can not swallow
    i am suffocating
    I'm choking
    breathing with difficulty
    never had trouble breathing before but now i do
    vision loss
    bleeding heavily
    respiro con dificultad
    apenas veo
    apenas puedo tragar
    respiro com dificuldade
    mal consigo ver
    дышу с трудом
    почти не вижу
    ne mogu dyshat
    zadyhayus
    بالكاد ارى
    اتنفس بصعوبة
    mish 2ader atnafas
    勉强能呼吸
    几乎看不见
    看不清
    过敏性休克
    تشوش بالنظر
    """.strip().splitlines(),
)
def test_anna_is_heard_who_can_barely_do_it(message: str) -> None:
    assert detect(message).interrupt


@pytest.mark.parametrize(
    "message",
    """
    the redness is barely visible now
    it barely hurts
    I can barely see the marks any more
    barely any swelling
    I breathe without difficulty
    I can not come on monday
    can not open the link
    apenas se nota
    respiro sin dificultad
    quase não dói
    почти не болит
    почти не видно
    дышу без труда
    ne mogu priyti v subbotu
    几乎不疼
    没有过敏
    ما في تشوش بالنظر
    """.strip().splitlines(),
)
def test_anna_is_left_in_peace_by_what_can_barely_be_seen(message: str) -> None:
    assert not detect(message).interrupt
