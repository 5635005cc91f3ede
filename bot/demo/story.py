"""Who is on the stage, and the morning on which it begins."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.demo.guide import Landmarks
from bot.standin import World
from bot.standin.accounts import Bot
from bot.standin.chats import Chat
from bot.standin.groups import Group
from bot.standin.people import Person

BOT_NAME = "aftercheck_demo_bot"
ZONE = ZoneInfo("Europe/Berlin")
OPENING = time(10, 0)
SATURDAY = 5


@dataclass(frozen=True)
class Stage:
    """Everybody the page knows."""

    bot: Bot
    group: Group
    patients: tuple[Person, ...]
    staff: tuple[Person, ...]
    zone: ZoneInfo
    landmarks: Landmarks

    def person(self, number: int) -> Person | None:
        """Return whoever has this number."""
        return next((one for one in (*self.patients, *self.staff) if one.id == number), None)

    def chats(self, person: Person) -> tuple[Chat, ...]:
        """Return the chats of a person, the one to show first at the front."""
        mine = person.chat_with(self.bot)
        return (self.group, mine) if self.group.holds(person) else (mine,)


def set_the_stage(
    world: World, landmarks: Landmarks, language: str = "en", zone: ZoneInfo = ZONE
) -> Stage:
    """Put the bot, two patients and two nurses with their group into a new world.

    Args:
        world: A world without a bot.
        landmarks: The bot's words by which the guide sees how far a visitor is.
        language: What the patients' telephones are set to.
        zone: The clinic's, in which the page shows the time.
    """
    bot = world.bot(BOT_NAME)
    bot.first_name = "Aftercheck"
    anna, omar = world.user("Anna", language=language), world.user("Omar", language=language)
    ben, dora = world.user("Ben", language="en"), world.user("Dora", language="en")
    group = world.supergroup("Staff", ben, dora, bot)
    return Stage(bot, group, (anna, omar), (ben, dora), zone, landmarks)


def first_morning(now: datetime, zone: ZoneInfo = ZONE) -> datetime:
    """Return ten o'clock of today in the clinic's zone, or of Monday on a weekend."""
    day = now.astimezone(zone).date()
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    return datetime.combine(day, OPENING, zone)
