"""/faq: what the clinic's own text says, always with whom to call and a way to tell how one is.

Typed words that may hold a warning sign are taken as words of the patient before they come here.

Hazards: H50.
"""

from collections.abc import Sequence

from flows.engine.enrolment_steps import not_yet, show
from flows.engine.events import Key, Keys, Message
from flows.engine.inputs import Pressed
from flows.engine.reporting import open_report
from flows.engine.stages import is_known
from flows.engine.turn import Turn
from flows.faq import Answer, Faq

PAGE = 8
"""Questions of the list at once: a phone's screen (own choice)."""
LIST, SHOW, REPORT_INSTEAD = "f:list:", "f:show:", "f:report"
"""How the codes of the buttons begin; a number or an answer's id follows."""


def looked_up(turn: Turn, words: str) -> None:
    """Answer `/faq` with the questions there are, and `/faq words` with the answer that fits best.

    Only whom staff have confirmed is shown any: the text says what the clinic treats.
    """
    if not is_known(turn.patient):
        not_yet(turn)
        return
    faq = turn.desk.faq
    if faq is None:
        show(turn, Message(turn.phrase("faq_absent")))
        return
    found = faq.search(words, turn.patient.language)
    if found:
        show(turn, answered(turn, faq, found[0], found[1:]))
    else:
        show(turn, listed(turn, faq, 0, turn.phrase("faq_none" if words else "faq_ask")))


def pressed(turn: Turn, said: Pressed) -> None:
    """Take a press under such a message; one whose answer is gone shows the list."""
    faq = turn.desk.faq
    if not is_known(turn.patient) or faq is None:
        looked_up(turn, "")
    elif said.code == REPORT_INSTEAD:
        report(turn)
    elif said.code.startswith(SHOW) and (one := faq.named(said.code.removeprefix(SHOW))):
        show(turn, answered(turn, faq, one, ()), said.message_id)
    else:
        start = said.code.removeprefix(LIST)
        first = int(start) if start.isascii() and start.isdigit() else 0
        show(turn, listed(turn, faq, first, turn.phrase("faq_ask")), said.message_id)


def report(turn: Turn) -> None:
    """Ask whoever has a symptom how they are; who has stopped sees whom to call."""
    if turn.patient.stage == "active":
        open_report(turn)
    else:
        not_yet(turn)


def answered(turn: Turn, faq: Faq, one: Answer, others: Sequence[Answer]) -> Message:
    """Return one answer, with what else was found."""
    language = turn.patient.language
    question, answer = faq.said(one.question, language), faq.said(one.answer, language)
    parts = [question, answer.strip()]
    if not faq.is_reviewed(language):
        parts.append(f"({turn.phrase('language_unreviewed')})")
    parts.append(turn.phrase("faq_source"))
    text = beside_a_case(turn, "\n\n".join(parts))
    return Message(text, (*choices(turn, faq, others), *ways_on(turn, "0")))


def listed(turn: Turn, faq: Faq, first: int, words: str) -> Message:
    """Return one page of the questions."""
    page = faq.answers[first : first + PAGE] or faq.answers[:PAGE]
    after = first + PAGE if first + PAGE < len(faq.answers) else 0
    more = () if len(faq.answers) <= PAGE else ways_on(turn, str(after), "faq_more")[:1]
    keys = (*choices(turn, faq, page), *more, *ways_on(turn, "0")[1:])
    return Message(beside_a_case(turn, words), keys)


def choices(turn: Turn, faq: Faq, answers: Sequence[Answer]) -> Keys:
    """Return a button for each question."""
    language = turn.patient.language
    return tuple((Key(faq.said(one.question, language), f"{SHOW}{one.id}"),) for one in answers)


def ways_on(turn: Turn, first: str, name: str = "faq_all") -> Keys:
    """Return the buttons for a page of the list, and for telling how one is."""
    return (
        (Key(turn.phrase(name), f"{LIST}{first}"),),
        (Key(turn.phrase("faq_report"), REPORT_INSTEAD),),
    )


def beside_a_case(turn: Turn, text: str) -> str:
    """Return a text, and before it whom to believe while a case is open."""
    is_open = any(True for _ in turn.record.open_alerts)
    return f"{turn.phrase('faq_open')}\n\n{text}" if is_open else text
