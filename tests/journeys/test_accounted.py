"""Whatever people do, and whatever happens to the bot meanwhile: nothing ends silently."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from random import Random

import pytest
from clinic import Journey, a_journey

from bot.standin import Seen
from bot.standin.people import Person
from storage.reconciliation import unaccounted

WORDS = ("hello", "yes", "38.9", "I can't breathe", "is somebody there?", "2", "none of these")
STEPS = 25


class Story:
    """Three patients, their clinic and the weather, who do this and that from a seed."""

    def __init__(self, clinic: Journey, seed: int) -> None:
        self.clinic = clinic
        self.random = Random(seed)  # noqa: S311 - stories, not secrets
        self.people = [clinic.anna, clinic.omar, clinic.world.user("Lea", language="en")]

    async def lives(self) -> None:
        """Let two be enrolled, one open a link, and then anything happen."""
        await self.clinic.starts_private(self.clinic.ben, self.clinic.cleo)
        await self.clinic.all_enrolled(self.people[:2])
        await self.clinic.opens(self.people[2], (await self.clinic.invited()).link)
        acts: list[tuple[int, Callable[[Person], Awaitable[None]]]] = [
            (4, self.presses), (1, self.writes), (1, self.staff_press), (1, self.blocks),
            (1, self.comes_back), (1, self.the_bot_stops), (1, self.an_answer_is_lost),
            (3, self.time_passes),
        ]  # fmt: skip
        weights = [weight for weight, _ in acts]
        for _ in range(STEPS):
            [(_, act)] = self.random.choices(acts, weights)
            await act(self.random.choice(self.people))
            await self.clinic.settle()

    async def presses(self, person: Person) -> None:
        await self.comes_back(person)
        self.press_any(person, self.clinic.screen(person))

    async def staff_press(self, _person: Person) -> None:
        self.press_any(self.clinic.ben, self.clinic.staff_screen())

    def press_any(self, person: Person, screen: list[Seen]) -> None:
        with_buttons = [seen for seen in screen if seen.buttons][-3:]
        if with_buttons:
            seen = self.random.choice(with_buttons)
            labels = [one for row in seen.buttons for one in row]
            person.presses(seen, self.random.choice(labels))

    async def writes(self, person: Person) -> None:
        await self.comes_back(person)
        person.types(person.chat_with(self.clinic.bot), self.random.choice(WORDS))

    async def blocks(self, person: Person) -> None:
        person.blocks(self.clinic.bot)

    async def comes_back(self, person: Person) -> None:
        if person.chat_with(self.clinic.bot).blocked:
            person.unblocks(self.clinic.bot)

    async def the_bot_stops(self, _person: Person) -> None:
        await self.clinic.restart(minutes=self.random.choice((1, 20, 300)))

    async def an_answer_is_lost(self, person: Person) -> None:
        self.clinic.world.faults.breaks("reset_after", "sendMessage", person.chat.id)

    async def time_passes(self, _person: Person) -> None:
        await self.clinic.passes(hours=self.random.choice((1, 5)))


@pytest.mark.parametrize("seed", [1, 4])
async def test_a_random_story_leaves_nothing_unaccounted(tmp_path: Path, seed: int) -> None:
    async with a_journey(tmp_path) as clinic:
        await Story(clinic, seed).lives()
        await clinic.passes(minutes=5)
        assert await clinic.app.database.read(lambda: unaccounted(clinic.clock.now())) == []


@pytest.mark.hazard("H40")
async def test_a_check_in_instead_of_which_something_else_was_answered_is_accounted_for(
    tmp_path: Path,
) -> None:
    async with a_journey(tmp_path) as clinic:
        await clinic.starts_private(clinic.ben, clinic.cleo)
        await clinic.enrolled(clinic.anna)
        assert await clinic.is_asked(clinic.anna)
        await clinic.reports(clinic.anna, "All good, none of these")
        await clinic.passes(hours=3)
        assert await clinic.app.database.read(lambda: unaccounted(clinic.clock.now())) == []
        await clinic.staff_writes(clinic.ben, "/digest")
        assert "0 unaccounted" in clinic.staff_screen()[-1].text
