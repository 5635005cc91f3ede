"""A button that is not for whoever presses it says so in their language."""

from pathlib import Path

import pytest
from clinic import Journey, a_journey
from pseudo_language import PSEUDO, speaks  # noqa: F401 - a fixture

from bot.arrivals import pressed
from bot.deciding import Cause
from bot.standin.people import Person


async def answer(clinic: Journey, person: Person, chat: int, language: str = "") -> str:
    """Return what pops up for somebody who presses a check-in's button in a chat."""
    query = {
        "id": "1", "data": "c:1", "from": {"id": person.id, "language_code": language},
        "message": {"message_id": 1, "chat": {"id": chat}},
    }  # fmt: skip
    cause = Cause(clinic.clock.now())
    worked = await clinic.app.database.run(lambda: pressed(clinic.app.office, query, cause))
    assert worked.what == "pressed by nobody known"
    return worked.toast.text


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "This button is not for you."), ("es", "Este botón no es para usted."),
     ("pt-br", "Este botão não é para você."), ("ru", "Эта кнопка не для вас."),
     ("ar", "هذا الزر ليس لك."), ("zh-hans", "这个按钮不是给您用的。"),
     ("", "This button is not for you."), ("fi", "This button is not for you.")],
)  # fmt: skip
async def test_a_stranger_reads_it_in_the_language_of_the_telephone(
    tmp_path: Path, language: str, said: str
) -> None:
    async with a_journey(tmp_path) as clinic:
        assert await answer(clinic, clinic.omar, clinic.omar.id, language) == said


async def test_anna_reads_it_in_the_language_of_her_chat(tmp_path: Path) -> None:
    async with a_journey(tmp_path) as clinic:
        await clinic.enrolled(clinic.anna)
        await clinic.rewrites("UPDATE patient SET language = 'es'")
        said = await answer(clinic, clinic.anna, clinic.staff.id, "ru")
        assert said == "Este botón no es para usted."


@pytest.mark.usefixtures("speaks")
async def test_ben_reads_it_in_the_language_of_the_staff(tmp_path: Path) -> None:
    async with a_journey(tmp_path, staff_language=PSEUDO) as clinic:
        said = await answer(clinic, clinic.ben, clinic.ben.id, "ru")
        assert said == "⟦This button is not for you.⟧"
