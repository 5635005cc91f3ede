"""A bot small enough to read at once, to try the page with: one protocol, no storage."""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import segno

from bot.demo import DemoClock, Stage, first_morning, landmarks, set_the_stage
from bot.standin import UNLIMITED, World
from bot.standin.files import Upload
from bot.standin.server import carry_out
from flows.asking import Occasion, asking
from flows.checkin import CheckIn
from flows.classify import compiled
from flows.conversation import State
from flows.derived import History
from flows.protocol_file import bundled
from flows.screens import Screens
from flows.verdict import Level

FILLED = {
    "clinic_phone": "030 555 0100", "urgent_line": "116 117", "emergency_number": "112",
    "callback_by": "17:00", "recheck_at": "18:00",
}  # fmt: skip
PHRASES = {
    "agree": "I agree", "facts_done": "Done", "test_button": "I can see this",
    "set_up": "You are set. Your first check-in comes on {first_check_in}.",
}  # fmt: skip
TOKEN = "kXv3QmT9aLr0ZcB5yWnE2g"
DAY = timedelta(hours=24)
STATES = {
    "claim": ("Taken by", [[("Take over", "claim"), ("Contacted", "contacted")]],
              "Yours. Press Contacted once you have reached the patient."),
    "contacted": ("Contacted by", [[("Resolve", "resolve")]], "Noted."),
    "resolve": ("Contacted by", [[("Advised", "end"), ("No problem", "end")]], ""),
    "end": ("✅ CLOSED by", [], "Closed."),
}  # fmt: skip


def words_of_the_guide():
    return landmarks(bundled(), PHRASES)


@dataclass
class Asked:
    """A check-in that is open on Anna's or Omar's phone."""

    message: int
    hours: int
    state: State


@dataclass
class PretendBot:
    """Enrols, asks every day, and alerts the staff when an answer is urgent."""

    world: World
    clock: DemoClock
    stage: Stage
    offset: int = 0
    due: dict[int, datetime] = field(default_factory=dict)
    began: dict[int, datetime] = field(default_factory=dict)
    asked: dict[int, Asked] = field(default_factory=dict)
    alerts: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        occasion = Occasion("check_in", 24, "inj_skin", "face")
        history = History(profile={"area": "face"})
        self.check_in = CheckIn(asking(compiled(bundled())), occasion, history)
        self.screens = Screens(self.check_in, "en")

    async def settle(self) -> None:
        """Do all there is to do."""
        queue = self.stage.bot.updates
        while queue.pending:
            for update in [one.body for one in queue.pending]:
                queue.confirm(update["update_id"] + 1)
                await self.handle(update)
        for person in [one for one, at in self.due.items() if at <= self.clock.now()]:
            self.due[person] += DAY
            await self.ask(person)

    async def next_due(self) -> tuple[datetime, str] | None:
        """Say when the next check-in is due."""
        return (min(self.due.values()), "check-in") if self.due else None

    goal = next_due

    async def call(self, method: str, **values: Any) -> Any:
        files = {name: one for name, one in values.items() if isinstance(one, Upload)}
        rest = {name: one for name, one in values.items() if name not in files}
        return await carry_out(self.world, self.stage.bot, method, rest, files)

    async def handle(self, update: dict[str, Any]) -> None:
        if press := update.get("callback_query"):
            answer = await self.pressed(press["from"], press["message"], press["data"])
            await self.call("answerCallbackQuery", callback_query_id=press["id"], text=answer)
        elif "text" in (message := update.get("message", {})):
            await self.wrote(message["from"]["id"], message["chat"]["id"], message["text"])

    async def wrote(self, person: int, chat: int, text: str) -> None:
        if text == "/enrol":
            await self.send(chat, "What was the treatment?", [
                [("Exosomes injected, face", "enrol")],
                [("Microneedling", "enrol"), ("Laser", "enrol")],
            ])  # fmt: skip
        elif text.startswith("/start"):
            await self.send(chat, (
                "<b>Welcome.</b> After your treatment I ask how you are, and a nurse sees your "
                "answers.\n\n• I am no doctor and <b>not for emergencies</b>: call 112\n• "
                'You can stop at any time with /stop\n\n<a href="https://example.org/privacy">'
                "What happens to your answers</a>"
            ), [[("I agree", "agree")], [("No, thank you", "no")]])  # fmt: skip
        elif person in self.asked:
            asked = self.asked[person]
            verdict = self.check_in.verdict(asked.state, asked.hours)
            await self.step(person, self.screens.heard(asked.state, verdict, text))

    async def send(self, chat: int, text: str, rows: list[list[tuple[str, str]]]) -> int:
        sent = await self.call(
            "sendMessage", chat_id=chat, text=text, parse_mode="HTML", reply_markup=keyboard(rows)
        )
        return sent["message_id"]

    async def edit(self, chat: int, number: int, text: str, rows: Any = ()) -> None:
        await self.call(
            "editMessageText", chat_id=chat, message_id=number, text=text, parse_mode="HTML",
            reply_markup=keyboard(rows),
        )  # fmt: skip

    async def pressed(self, by: dict[str, Any], message: dict[str, Any], data: str) -> str:
        chat, number = message["chat"]["id"], message["message_id"]
        if data == "enrol":
            await self.code(chat, number)
        elif data == "agree":
            test = [[("I can see this", "test")]]
            await self.edit(chat, number, "Tap the button to show that messages reach you.", test)
        elif data == "test":
            await self.edit(chat, number, "Thank you. Please tell the person at the desk.")
            pairing = (
                f"Pairing K7MP: is this the person in front of you?\nAccount: {by['first_name']}"
            )
            rows = [[("Yes, confirm", f"confirm {chat}"), ("No", "no")]]
            await self.send(self.stage.group.id, pairing, rows)
        elif data.startswith("confirm"):
            await self.confirm(by["first_name"], chat, number, int(data.split()[1]))
        elif data.isdigit() and by["id"] in self.asked:
            asked = self.asked[by["id"]]
            view = self.screens.view(asked.state, self.check_in.verdict(asked.state, asked.hours))
            await self.step(by["id"], view.buttons[int(data)].tap)
        elif data in STATES:
            return await self.care(by["first_name"], chat, number, data)
        return ""

    async def confirm(self, name: str, chat: int, number: int, patient: int) -> None:
        self.began[patient] = self.clock.now()
        self.due[patient] = self.clock.now() + DAY
        await self.edit(chat, number, f"✅ K7MP: {name} confirmed the patient.")
        await self.send(patient, "You are set. Your first check-in comes <b>tomorrow</b>.", [])

    async def code(self, chat: int, number: int) -> None:
        link = f"https://t.me/{self.stage.bot.username}?start={TOKEN}"
        await self.edit(chat, number, "Exosomes injected, face. Case <b>K7MP</b>.")
        image = io.BytesIO()
        segno.make(link, micro=False).save(image, kind="png", scale=6, border=3)
        await self.call(
            "sendPhoto", chat_id=chat, photo=Upload("code.png", image.getvalue()),
            caption=f"Let the patient scan this once, within 48 hours.\n{link}",
        )  # fmt: skip

    async def ask(self, person: int) -> None:
        state = self.check_in.open()
        hours = int((self.clock.now() - self.began[person]) / timedelta(hours=1))
        self.asked[person] = Asked(0, hours, state)
        text, rows = self.shown(self.asked[person])
        self.asked[person].message = await self.send(person, text, rows)

    def shown(self, asked: Asked) -> tuple[str, list[list[tuple[str, str]]]]:
        view = self.screens.view(asked.state, self.check_in.verdict(asked.state, asked.hours))
        text = re.sub(r"\{(\w+)\}", lambda m: FILLED.get(m[1], "tomorrow"), "\n\n".join(view.lines))
        labels = iter(range(100))
        return text, [[(one.label, str(next(labels))) for one in row] for row in view.rows]

    async def step(self, person: int, heard: Any) -> None:
        asked = self.asked[person]
        step = self.check_in.step(asked.state, heard, asked.hours)
        changed = asked.state != step.state
        asked.state = step.state
        if changed:
            await self.edit(person, asked.message, *self.shown(asked))
        if step.verdict.level >= Level.URGENT and person not in self.alerts:
            reasons = "; ".join(one.reason for one in step.verdict.because)
            self.alerts[person] = f"🟠 <b>URGENT (orange) · K7MP</b>\n{reasons}"
            await self.send(
                self.stage.group.id, self.alerts[person],
                [
                    [("Claim", "claim"), ("Contacted", "contacted")],
                    [("Resolve", "resolve"), ("Open the case", "https://example.org/case/K7MP")],
                ],
            )  # fmt: skip

    async def care(self, name: str, chat: int, number: int, data: str) -> str:
        words, rows, toast = STATES[data]
        text = next(iter(self.alerts.values()))
        now = f"{self.clock.now().astimezone(self.stage.zone):%H:%M}"
        await self.edit(chat, number, f"{text}\n\n{words} {name}, {now}", rows)
        return toast


def keyboard(rows: Any) -> dict[str, Any]:
    """Return buttons; what begins with https leads there, the rest is pressed."""
    kind: Callable[[str], str] = lambda data: "url" if "://" in data else "callback_data"  # noqa: E731
    return {
        "inline_keyboard": [
            [{"text": label, kind(data): data} for label, data in row] for row in rows
        ]
    }


def pretend(clock: DemoClock) -> PretendBot:
    """Return the bot on a new stage."""
    world = World(clock.now, limits=UNLIMITED)
    stage = set_the_stage(world, words_of_the_guide())
    stage.bot.commands.set(("default",), "", [
        {"command": "report", "description": "Tell us something"},
        {"command": "stop", "description": "No more messages"},
    ])  # fmt: skip
    stage.bot.commands.set(("all_group_chats",), "", [
        {"command": "enrol", "description": "Enrol a patient"},
        {"command": "open", "description": "Open alerts"},
    ])  # fmt: skip
    return PretendBot(world, clock, stage)


def still_clock() -> DemoClock:
    """Return a clock that stands at ten on a Thursday morning until it is moved."""
    thursday = datetime.fromisoformat("2026-11-26T08:00:00+01:00")
    return DemoClock(first_morning(thursday), real=lambda: thursday, steady=lambda: 0.0)
