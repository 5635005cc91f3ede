"""A fever, in taps and in typed numbers."""

import pytest
from clinic import Journey, Tell


async def has_a_fever(clinic: Journey, typed: str) -> None:
    """Let Anna answer her first check-in with a temperature, and finish it."""
    await clinic.is_asked(clinic.anna)
    await clinic.presses(clinic.anna, "but I have symptoms", "Fever", "Done")
    await clinic.writes(clinic.anna, typed)


async def finishes(clinic: Journey) -> None:
    """Answer No to whatever is still asked."""
    for _ in range(20):
        if clinic.offers(clinic.anna, "Change my answers"):
            return
        label = next(one for one in ("No", "0 ") if clinic.offers(clinic.anna, one))
        await clinic.presses(clinic.anna, label)


async def test_annas_fever_is_claimed_contacted_and_resolved(tell: Tell) -> None:
    """39.2 °C calls everybody at once; Ben takes it, phones, and closes it."""
    async with tell() as clinic:
        await clinic.starts_private(clinic.ben, clinic.cleo)
        code = await clinic.enrolled(clinic.anna)
        clinic.tape.begins()
        await has_a_fever(clinic, "39.2")
        await finishes(clinic)
        clinic.clock.moves(minutes=2)
        await clinic.staff_press(clinic.ben, "Claim", on=code)
        clinic.clock.moves(minutes=4)
        await clinic.staff_press(clinic.ben, "Contacted", on=code)
        clinic.clock.moves(minutes=9)
        await clinic.staff_press(clinic.ben, "Resolve", on=code)
        await clinic.staff_press(clinic.ben, "Advised", on=code)
        rows = await clinic.rows("SELECT level, state FROM alert")
        assert [(row["level"], row["state"]) for row in rows] == [("urgent", "closed")]
        before = len(clinic.staff_screen())
        await clinic.passes(hours=2)
        assert len(clinic.staff_screen()) == before, "a closed alert rings nobody"


@pytest.mark.hazard("H41")
@pytest.mark.parametrize(
    ("typed", "understood"),
    [("39,2", "39.2 °C"), ("102.6F", "39.2 °C")],
    ids=["with_a_comma", "in_fahrenheit"],
)
async def test_anna_types_her_fever_in_her_own_way(
    tell: Tell, typed: str, understood: str
) -> None:  # fmt: skip
    """However she writes it, it is read, echoed and urgent."""
    async with tell() as clinic:
        await clinic.enrolled(clinic.anna)
        clinic.tape.begins()
        await has_a_fever(clinic, typed)
        await finishes(clinic)
        assert understood in clinic.last(clinic.anna).text
        assert "🟠 URGENT" in clinic.cards()[-1].text


async def test_nobody_can_read_what_anna_typed(tell: Tell) -> None:
    """Asked twice for a number she writes words: a person will look, and it is never fine."""
    async with tell() as clinic:
        await clinic.enrolled(clinic.anna)
        clinic.tape.begins()
        await has_a_fever(clinic, "quite warm")
        await clinic.writes(clinic.anna, "I told you, quite warm")
        await finishes(clinic)
        assert "a person will look" in clinic.last(clinic.anna).text
        rows = await clinic.rows("SELECT level FROM answer ORDER BY revision")
        assert rows[-1]["level"] not in ("expected", "watch")
