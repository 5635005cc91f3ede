"""Somebody who is nobody's patient, and has come by another's link."""

from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from bench.simulation.acts import Act, Acts
from bot.standin.people import Person

if TYPE_CHECKING:
    from bench.simulation.patients import Patient


@dataclass
class Stranger:
    """A person without a case."""

    person: Person
    random: Random
    acts: Acts
    patients: "list[Patient]"

    def opens_link_of_another(self) -> None:
        """Open a patient's link, after that patient has, and ask for things."""
        link = self.random.choice(self.patients).link
        now = self.acts.world.seconds()
        act = Act(now, self.person.id, "opens", "another's link")
        self.acts.does(self.person, act, lambda: self.person.opens(link))
        for words in ("/status", "/mydata", "who was here before me?"):
            self.acts.writes(self.person, words)
