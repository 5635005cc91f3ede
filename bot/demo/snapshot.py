"""All that the page shows at one moment, as JSON."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.demo.clock import DemoClock
from bot.demo.desk import Desk
from bot.demo.guide import guide
from bot.demo.phone import about_chat, day, phone
from bot.demo.story import Stage
from bot.standin import World
from bot.standin.errors import Json
from bot.standin.people import Person

LATEST_NOTICES = 20


@dataclass(frozen=True)
class Demo:
    """The parts of a running demo."""

    world: World
    clock: DemoClock
    desk: Desk
    stage: Stage

    @property
    def version(self) -> int:
        """Return a number that grows with everything anybody is shown and every move."""
        return len(self.world.log) + self.clock.moves


@dataclass(frozen=True)
class Chosen:
    """Whose phones a visitor looks at, and which of the nurse's chats; None for the usual."""

    patient: int | None = None
    staff: int | None = None
    chat: int | None = None


async def snapshot(demo: Demo, chosen: Chosen) -> Json:
    """Return what the page draws."""
    stage = demo.stage
    patient = one_of(stage.patients, chosen.patient)
    nurse = one_of(stage.staff, chosen.staff)
    chats = stage.chats(nurse)
    open_chat = next((chat for chat in chats if chat.id == chosen.chat), chats[0])
    return {
        "version": demo.version,
        "clock": await about_time(demo),
        "guide": about_guide(demo),
        "patients": [about_person(stage, one) for one in stage.patients],
        "staff": [about_person(stage, one) for one in stage.staff],
        "phones": {
            "patient": phone(stage, patient, patient.chat_with(stage.bot)),
            "staff": phone(stage, nurse, open_chat),
        },
        "notices": notices(demo),
    }


def one_of(people: Sequence[Person], number: int | None) -> Person:
    """Return the person with a number, or the first."""
    return next((one for one in people if one.id == number), people[0])


def about_person(stage: Stage, person: Person) -> Json:
    """Return a person with their chats, so that the page can mark what is new."""
    chats = [about_chat(chat, person) for chat in stage.chats(person)]
    return {"id": person.id, "name": person.name, "chats": chats}


async def about_time(demo: Demo) -> Json:
    """Return the clinic's time, and what there is to see next."""
    local = demo.clock.now().astimezone(demo.stage.zone)
    body: Json = {"time": f"{local:%H:%M}", "day": day(local), "next": None}
    due = await demo.desk.goal()
    if due is not None:
        then = due[0].astimezone(demo.stage.zone)
        same = then.date() == local.date()
        at = f"{then:%H:%M}" if same else f"{then:%a} {then.day} {then:%b}, {then:%H:%M}"
        body["next"] = {"what": due[1], "at": at}
    return body


def about_guide(demo: Demo) -> Json:
    """Return the guide's steps and its sentence."""
    stage = demo.stage
    patients = frozenset(one.id for one in stage.patients)
    staff = frozenset(one.id for one in stage.staff)
    seen = guide(demo.world.log, patients, staff, stage.bot.name, stage.landmarks)
    steps = [{"title": step.title, "done": step.done} for step in seen.steps]
    return {"steps": steps, "say": seen.say.text, "where": seen.say.where}


def notices(demo: Demo) -> list[Json]:
    """Return the latest answers to presses, which stand over a chat for a moment."""
    found = [
        {"id": number, "person": line.person, "text": line.text, "alert": line.what == "alert"}
        for number, line in enumerate(demo.world.log)
        if line.what in ("toast", "alert")
    ]
    return found[-LATEST_NOTICES:]
