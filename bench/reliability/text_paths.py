"""The ways that a text takes through the product, and what has to come out at each end."""

import dataclasses
import json
from collections.abc import Sequence
from functools import partial
from typing import Final
from unicodedata import category

from bench.reliability.text_files import whole_file
from bench.reliability.ward import PAIRING, Patient, Ward, press
from bot.enrolment import EnrolmentRequest, enrol

LONGEST_NAME: Final = 64  # signs; Telegram's own


def stored(text: str) -> str:
    """Return a text as it is after the door: half signs and NUL are replaced."""
    whole = text.replace("\x00", "\ufffd").encode("utf-16-le", "surrogatepass")
    return whole.decode("utf-16-le", "replace")


def squashed(text: str) -> str:
    """Return a text without any space: where lines and messages break does not matter."""
    return "".join(text.split())


def shown_whole(text: str, where: str) -> bool:
    """Whether a text arrived with every sign."""
    return squashed(stored(text)) in squashed(where)


class Paths:
    """Sends texts through a ward, and keeps a sentence for each that did not come through.

    Args:
        ward: A clinic with one patient.
    """

    def __init__(self, ward: Ward) -> None:
        self.ward = ward
        self.patient: Patient = ward.patients[0]
        self.faults: list[str] = []
        self.sent = 0

    def fault(self, path: str, text: str) -> None:
        """Keep what went wrong."""
        self.faults.append(f"{path}: {text[:60]!a} ({len(text)} signs)")

    async def brings(self, text: str) -> str:
        """Let the patient's phone send a text, whatever it holds; return what staff then read."""
        ward, before = self.ward, len(self.ward.world.log)
        chat = self.patient.person.chat_with(ward.bot)
        payload = {
            "message_id": ward.world.number(chat), "date": ward.world.unix_now(),
            "chat": chat.json(), "from": self.patient.person.json(), "text": text,
        }  # fmt: skip
        ward.world.push(ward.bot, "message", payload, f"message:{chat.id}")
        await ward.settle()
        return self.read(before, ward.ben.id, ward.staff.id)

    def read(self, since: int, person: int, chat: int) -> str:
        """Return what somebody was shown in a chat by the bot."""
        return "".join(
            one.text for one in self.ward.world.log[since:]
            if (one.person, one.chat) == (person, chat) and one.by == "Aftercheck"
        )  # fmt: skip

    async def words(self, text: str) -> None:
        """Words of a patient: on a card or a notice, and kept whole with the case."""
        shown = await self.brings(text)
        if text.startswith("/") or shown_whole(text, shown):
            return
        if not shown_whole(text, self.kept()):
            self.fault("chat", text)

    def kept(self) -> str:
        """Return the last words that are kept with the patient's case, and what was answered."""
        whole = whole_file(self.ward, self.patient.code)
        return "".join(json.dumps(one["content"], ensure_ascii=False)
                       for name in ("messages", "answers") for one in whole[name][-2:])  # fmt: skip

    async def reply(self, text: str) -> None:
        """Words of staff to a patient, and the clinic's name above them."""
        ward = self.ward
        await self.brings("please write")
        about = [one for one in ward.ben.sees(ward.staff)
                 if one.text.startswith(f"{self.patient.code} wrote")]  # fmt: skip
        contact = ward.app.settings.contact
        ward.app.settings.__dict__["contact"] = dataclasses.replace(contact, clinic=stored(text))
        before = len(ward.world.log)
        payload = {
            "message_id": ward.world.number(ward.staff), "date": ward.world.unix_now(),
            "chat": ward.staff.json(), "from": ward.ben.json(), "text": text,
            "reply_to_message": {"message_id": about[-1].message_id, "date": 0,
                                 "chat": ward.staff.json()},
        }  # fmt: skip
        ward.world.push(ward.bot, "message", payload, f"message:{ward.staff.id}")
        await ward.settle()
        ward.app.settings.__dict__["contact"] = contact
        person = self.patient.person.id
        shown = squashed(self.read(before, person, person))
        if not text.startswith("/") and shown.count(squashed(stored(text))) < 2:
            self.fault("staff's words or the clinic's name", text)

    async def names(self, texts: Sequence[str]) -> None:
        """Names of patients at their pairing, many at once."""
        ward, before = self.ward, len(self.ward.world.log)
        people = []
        for text in texts:
            person = ward.world.user(stored(text)[:LONGEST_NAME], language="en")
            request = EnrolmentRequest("inj_skin", ward.clock.now(), "face")
            found = await ward.app.database.run(
                partial(enrol, ward.app.office, request, ward.clock.now(), None)
            )
            person.opens(found.link)
            people.append((person, found.code))
        await ward.settle()
        for label in PAIRING:
            for person, _ in people:
                press(person, person.chat_with(ward.bot), label)
            await ward.settle()
        shown = self.read(before, ward.ben.id, ward.staff.id)
        for person, code in people:
            if code not in shown or not shown_whole(visible(person.first_name), visible(shown)):
                self.fault("name", person.first_name)


def visible(text: str) -> str:
    """Return a text without the signs that turn, hide or join others: names go without them."""
    return "".join(one for one in text if not category(one).startswith("C"))


async def all_texts(paths: Paths, texts: Sequence[str], batch: int = 20) -> None:
    """Send every text through every path."""
    for first in range(0, len(texts), batch):
        some = texts[first : first + batch]
        for text in some:
            await paths.words(text)
            await paths.reply(text)
            paths.sent += 1
        await paths.names(some)
