"""What a visitor can do on the page, and doing it in the stand-in's world."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from bot.demo.picture import picture
from bot.demo.story import Stage
from bot.standin import NotAllowedError
from bot.standin.chats import Chat, PrivateChat
from bot.standin.messages import Message
from bot.standin.people import Person


class Deed(BaseModel):
    """Somebody does something in a chat."""

    model_config = ConfigDict(extra="forbid")
    person: int
    chat: int


class Types(Deed):
    """Writes a text."""

    act: Literal["types"]
    text: str
    reply_to: int | None = None


class SendsPhoto(Deed):
    """Sends a photo that is made for them."""

    act: Literal["photo"]
    reply_to: int | None = None


class Presses(Deed):
    """Presses a button under a message."""

    act: Literal["presses"]
    message: int
    label: str


class Taps(Deed):
    """Taps a key of the keyboard that stands in place of the letters."""

    act: Literal["taps"]
    label: str


class Opens(Deed):
    """Opens a link that leads to the bot: scans it, or taps it."""

    act: Literal["opens"]
    link: str


class Starts(Deed):
    """Presses START."""

    act: Literal["starts"]


Act = Annotated[Types | SendsPhoto | Presses | Taps | Opens | Starts, Field(discriminator="act")]
ACT: TypeAdapter[Act] = TypeAdapter(Act)


def perform(act: Act, stage: Stage) -> None:
    """Let a person do it.

    Raises:
        UnfairError: A chat app would not let them.
    """
    person = stage.person(act.person)
    if person is None:
        raise NotAllowedError(f"nobody on the stage has the number {act.person}")
    chat = chat_of(person, act.chat, stage)
    match act:
        case Types():
            person.types(chat, act.text, reply_to=replied(chat, act.reply_to))
        case SendsPhoto():
            content = picture(len(stage.group.world.files.stored))
            person.sends_photo(chat, content, reply_to=replied(chat, act.reply_to))
        case Presses():
            person.presses(chat.message(act.message), act.label)
        case Taps() if isinstance(chat, PrivateChat):
            person.taps(chat, act.label)
        case Opens():
            person.opens(act.link)
        case Starts():
            person.starts(stage.bot)
        case _:
            raise NotAllowedError("a group has no keyboard in place of the letters")


def say_well(stage: Stage) -> bool:
    """Let each patient who is asked how they are say that all is good; whether anybody was asked.

    What the course asks, about a result or the next session, is left to the visitor.
    """
    marks, pressed = stage.landmarks, False
    for person in stage.patients:
        asked = [seen for seen in person.sees(person.chat_with(stage.bot)) if seen.buttons][-1:]
        for seen in asked:
            labels = [one for row in seen.buttons for one in row if marks.well in one]
            if labels and marks.asked in seen.text:
                person.presses(seen, labels[0])
                pressed = True
    return pressed


def chat_of(person: Person, number: int, stage: Stage) -> Chat:
    """Return a chat of this person."""
    for chat in stage.chats(person):
        if chat.id == number:
            return chat
    raise NotAllowedError(f"{person.name} has no chat {number}")


def replied(chat: Chat, number: int | None) -> Message | None:
    """Return the message that is replied to."""
    return None if number is None else chat.message(number)
