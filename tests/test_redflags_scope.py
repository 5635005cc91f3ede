"""Free text: where a denial ends, when small talk stands before the warning sign."""

import pytest

from flows.redflags import concepts, detect, normalise


def flags(message: str, sign: str) -> set[str]:
    mentions = concepts.understand(normalise.read(message)).mentions
    return {flag for m in mentions if m.sign == sign for flag in m.flags}


@pytest.mark.parametrize(
    "message",
    """
    no I have chest pain
    no, my throat is swelling
    I don't feel well, I fainted
    I am not fine, I passed out
    I haven't slept, my chest hurts
    not sure what is going on, I fainted
    didn't eat and fainted
    there's no doctor here and I can't breathe
    yesterday no fever, today 39.4
    I nearly fainted when I stood up
    chestpain
    throte swollen
    feint
    went out cold for a few secs
    I took too many painkillers
    temperature one hundred and three
    blotchy and freezing cold
    my pee stopped
    no comí y me desmayé
    no pude dormir, me duele el pecho
    nada más que me duele el pecho
    todo bien menos que me desmayé
    me ahogo un poco
    me tomé todas las pastillas
    não comi e desmaiei
    tudo bem, só que desmaiei
    tá difícil engolir
    не сплю, не могу дышать
    не спала, болит грудь
    не ела и упала в обморок
    чуть не потеряла сознание
    жить незачем
    сердце выскакивает
    ما أكلت وأغمي علي
    ما نمت وصدري يوجعني
    没睡好，胸口疼
    没吃饭，晕倒了
    不知道要不要紧，我晕倒了
    从来没有这么头疼过
    晕过去两次
    脖子转不了
    吞了很多药
    """.strip().splitlines(),
)
def test_anna_is_heard_when_a_denial_or_small_talk_stands_before_the_sign(message: str):
    assert detect(message.strip()).interrupt


@pytest.mark.parametrize(
    "message",
    """
    no fever, no chest pain or dizziness
    no fever, chest pain, dizziness or rash
    I'm not short of breath or dizzy
    sin fiebre, dolor de pecho ni mareos
    no me falta el aire
    sem febre, dor no peito ou tontura
    não estou com falta de ar
    не болит грудь и не кружится голова
    нет одышки, боли в груди и головокружения
    ما عندي حرارة ولا ألم بالصدر ولا دوخة
    没有发烧、胸痛和头晕
    没有呼吸困难
    I can't see the link
    no puedo ver el enlace
    não consigo ver o link
    не вижу ссылку
    ما أقدر أشوف الرابط
    我看不到链接
    dry lips
    labios secos
    lábios secos
    сухие губы
    شفايفي ناشفة
    嘴唇干
    I have a cold
    estoy resfriada
    tengo catarro
    estou resfriada
    estou constipada
    """.strip().splitlines(),
)
def test_anna_is_left_in_peace_when_a_list_is_denied_or_nothing_is_wrong(message: str):
    assert not detect(message.strip()).interrupt


@pytest.mark.parametrize(
    ("message", "sign"),
    [
        ("no fever, today I fainted", "faint"),
        ("no fever and I fainted", "faint"),
        ("no, my throat is swelling", "throat"),
        ("All good? No, my throat is swelling", "throat"),
        ("no rash, my throat is closing", "throat"),
        ("didn't eat and fainted", "faint"),
        ("no tengo fiebre y me desmayé", "faint"),
        ("não tenho febre e desmaiei", "faint"),
        ("температуры нет и у меня болит грудь", "chest"),
        ("нет сыпи, упала в обморок", "faint"),
        ("ما عندي حرارة وأغمي علي", "faint"),
        ("没有皮疹，我喉咙肿了", "throat"),
    ],
)
def test_a_clause_of_its_own_ends_what_a_negation_denies(message: str, sign: str):
    assert "neg" not in flags(message, sign)
    assert "negfar" not in flags(message, sign)


@pytest.mark.parametrize(
    ("message", "sign"),
    [
        ("no fever, chest pain or dizziness", "chest"),
        ("no fever and chest pain", "chest"),
        ("well, no chest pain", "chest"),
        ("no chest pain", "chest"),
        ("sin fiebre, dolor de pecho ni mareos", "chest"),
        ("sem febre, dor no peito ou tontura", "chest"),
        ("нет одышки, боли в груди", "chest"),
        ("没有发烧、胸痛和头晕", "chest"),
    ],
)
def test_a_bare_list_goes_on_with_what_a_negation_denies(message: str, sign: str):
    assert "neg" in flags(message, sign)


def test_a_message_that_is_only_a_no_denies_nothing():
    assert not detect("no").interrupt
    assert concepts.understand(normalise.read("no")).mentions == ()


def test_nobody_is_well_who_is_not_fine():
    assert "fine" in flags("I am fine, I passed out", "faint")
    assert "fine" not in flags("I am not fine, I passed out", "faint")
