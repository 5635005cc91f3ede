"""Everything that can be asked of the bot in a chat, as Telegram would bring it."""

from typing import Any, Final, NamedTuple

from bench.reliability.actors import Actor, Json, Place

ANNA, OMAR, PIA, ROSA = "A7K2", "D2N7", "M4R8", "R3S5"
"""Cases: one with an alert, one whose alert is about to be closed, one that waits to be confirmed,
one at the consent."""


class Deed(NamedTuple):
    """One thing to ask for.

    Args:
        act: What it is in `flows/engine/permissions.py`.
        text: What is typed, if it is words.
        code: What the pressed button carries, if it is a press; a `*` stands for what varies.
        answers: The slot of the bot's message that is answered, or whose button is pressed.
        shows: What it leaves: a row of the audit trail (`row`), or something that is shown.
        patient: Whose chat a patient's button is in.
    """

    act: str
    text: str = ""
    code: str = ""
    answers: str = ""
    shows: str = "row"
    patient: str = "Anna"


DEEDS: Final = (
    Deed("claim", code=f"a:claim:{ANNA}-1"),
    Deed("contacted", code=f"a:contacted.*:{ANNA}-1"),
    Deed("resolve", code=f"a:resolve:{ANNA}-1"),
    Deed("outcome", code=f"a:outcome.advised.*:{OMAR}-1"),
    Deed("back", code=f"a:back:{OMAR}-1"),
    Deed("details", code=f"a:details:{ANNA}-1"),
    Deed("write", text="Please cool it.", answers=f"alert:{ANNA}-1"),
    Deed("pair_confirm", code=f"p:confirm.*:{PIA}"),
    Deed("pair_refuse", code=f"p:refuse.*:{PIA}"),
    Deed("enrol", text="/enrol", shows="message"),
    Deed("enrol", code="n:", answers="n:", shows="message"),
    Deed("session", text=f"/session {ANNA} inj_skin face"),
    Deed("enrol", text=f"/link {ROSA}", shows="message"),
    Deed("lot", text="AB12", answers=f"enrolment:{PIA}"),
    Deed("lot", text=f"/lot {PIA} AB12"),
    Deed("open", text="/open"),
    Deed("open", code="d:open:0"),
    Deed("board", text="/board"),
    Deed("due", text="/due"),
    Deed("case", text=f"/case {ANNA}"),
    Deed("roster", text="/roster"),
    Deed("roster_change", text="/roster invite nurse Zoe"),
    Deed("roster_change", code="t:void:1"),
    Deed("channel", text="/roster channel off"),
    Deed("channel", text="/roster confirm AB23CD45", shows="message"),
    Deed("oncall", text="/oncall me 2"),
    Deed("oncall", code="h:accept:1"),
    Deed("rota", text="/oncall plan Ben fri 18:00 mon 08:00"),
    Deed("rota", code="o:drop:1"),
    Deed("rota", code="o:there:1"),
    Deed("digest", text="/digest"),
    Deed("export", text="/export"),
    Deed("resume", text="/resume", shows="message"),
    Deed("help", text="/help", shows="message"),
    Deed("start", text="/start", shows="message"),
    Deed("link_opened", text="/start ", shows="message"),
    Deed("report", text="/report", shows="message"),
    Deed("faq", text="/faq", shows="message"),
    Deed("status", text="/status", shows="message"),
    Deed("settings", text="/settings", shows="message"),
    Deed("privacy", text="/privacy", shows="message"),
    Deed("mydata", text="/mydata", shows="message"),
    Deed("stop", text="/stop", shows="message"),
    Deed("answer", code="c:", answers="c:", shows="message"),
    Deed("choose", code="s:", answers="s:", shows="message"),
    Deed("enrolment_step", code="e:", answers="e:", shows="message", patient="Rosa"),
)  # fmt: skip
"""The link's token is added; a patient's button is read off their screen by how its code begins."""


def message_update(actor: Actor, deed: Deed, chat: Json, number: int, answered: int | None) -> Json:
    """Return a message as Telegram brings it."""
    length = len(deed.text.split(maxsplit=1)[0])
    entities = [{"type": "bot_command", "offset": 0, "length": length}]
    message: Json = {
        "message_id": number, "date": 1, "chat": chat, "from": actor.writes, "text": deed.text,
        **actor.also,
    }  # fmt: skip
    if deed.text.startswith("/"):
        message["entities"] = entities
    if answered is not None:
        message["reply_to_message"] = {"message_id": answered, "date": 1, "chat": chat}
    return message


def press_update(actor: Actor, code: str, chat: Json, number: int, message_id: int) -> Json:
    """Return a press as Telegram brings it."""
    return {
        "id": str(number), "from": actor.presses, "chat_instance": "1", "data": code,
        "message": {"message_id": message_id, "date": 1, "chat": chat, "text": "a card"},
    }  # fmt: skip


def chat_of(place: Place, person: dict[str, Any], staff: Json, other: Json) -> Json:
    """Return the chat that a place is for somebody."""
    if place == "own chat":
        return {"id": person["id"], "type": "private", "first_name": person["first_name"]}
    return staff if place == "staff chat" else other
