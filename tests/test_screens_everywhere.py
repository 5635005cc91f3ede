"""Every screen of every check-in: it fits a phone, and each of its buttons leads on."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from generated_cases import protocol
from phone import Phone

from flows.asking import worst_answer
from flows.conversation import Screen, State
from flows.proof.complete_words import LONGEST_BUTTON, LONGEST_TEXT
from flows.screens import View

ROWS = 8
"""So many rows fit above a phone's fold beside the text (own choice)."""

LONGEST_MESSAGE = 4096
"""Telegram's limit of a message without a photo."""


def everywhere(treatment: str) -> Iterator[tuple[Phone, str, View]]:
    """Every screen that some check-in of a treatment can show, each question asked twice."""
    schedule = protocol().treatments[treatment].schedule
    occasions = [("check_in", hours) for hours in schedule] + [("report", 30)]
    occasions += [("results", days * 24) for days in (7, 30, 120)] + [("reminder", 600)]
    for kind, hours in occasions:
        phone = Phone(hours, treatment, kind)
        start = phone.state
        states = [start, replace(start, screen=Screen.FLAGS), replace(start, screen=Screen.TICKS)]
        states += [
            replace(start, screen=Screen.QUESTION, current=name, tries=1)
            for name, question in phone.check_in.offered.items()
            if question.kind != "ticks"
        ]
        for state in states:
            yield (
                phone,
                f"{kind} {hours} {state.screen} {state.current}",
                phone.screens.view(state, phone.verdict),
            )


@pytest.mark.parametrize("treatment", list(protocol().treatments))
def test_every_screen_of_every_check_in_fits_a_phone(treatment) -> None:
    for _, place, view in everywhere(treatment):
        assert len("\n\n".join(view.lines)) <= LONGEST_TEXT, place
        for button in view.buttons:
            assert 0 < len(button.label) <= LONGEST_BUTTON, f"{place} {button}"
        assert len(view.rows) <= ROWS or "flags" in place or "ticks" in place, place


def test_both_lists_fit_a_phone() -> None:
    views = [
        view for _, place, view in everywhere("inj_skin") if place.endswith(("flags ", "ticks "))
    ]
    assert max(len(view.rows) for view in views) <= ROWS + 2  # seventeen signs, and a row to leave


@pytest.mark.parametrize("treatment", list(protocol().treatments))
def test_every_button_of_every_screen_leads_on(treatment) -> None:
    for phone, place, view in everywhere(treatment):
        question = place.split()[3:]
        start = phone.check_in.open()
        screen = Screen(place.split()[2])
        state = replace(start, screen=screen, current="".join(question), tries=int(bool(question)))
        for button in view.buttons:
            after = phone.check_in.step(state, button.tap, phone.due).state
            assert after != state, f"{place} {button}"


@pytest.mark.parametrize("treatment", list(protocol().treatments))
def test_even_the_end_of_a_check_in_with_everything_is_one_message(treatment) -> None:
    for phone in (Phone(hours, treatment) for hours in protocol().treatments[treatment].schedule):
        worst = {name: worst_answer(q) for name, q in phone.check_in.offered.items()}
        answers = {name: value for name, value in worst.items() if value is not None}
        state = State(Screen.END, answers, path=tuple(answers))
        lines = phone.screens.view(state, phone.verdict).lines
        assert len("\n\n".join(lines)) <= LONGEST_MESSAGE
