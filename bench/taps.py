"""How many taps a check-in costs: simulated patients drive the real conversation.

    python -m bench.taps [--courses 1000] [--write docs/taps.md]

Every answered check-in of the simulated clinic is gone through again, tap by tap, in
`flows.checkin`, with the answers that the patient gave. A typed temperature counts as one.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track

from bench.clinic.assumptions import load
from bench.clinic.courses import Answered, Clinic, Followed
from flows.answers import NOT_MEASURED
from flows.asking import CALL, TREND, WORRY, Occasion, asking, best
from flows.checkin import CheckIn
from flows.conversation import Screen, State, Tap, Typed
from flows.derived import Earlier, History
from flows.protocol_file import bundled

WELL, MILD, OTHER = "well", "one mild symptom", "anything else"
LIMITS = {WELL: "median 1", MILD: "median at most 5", OTHER: "worst at most 25"}


class Driver:
    """A patient with the answers in mind, pressing one button after the other."""

    def __init__(self, check_in: CheckIn, answers: dict[str, object], hours: float) -> None:
        self.check_in = check_in
        self.answers = answers
        self.hours = hours
        self.taps = 0
        self.state = check_in.open()

    def press(self, said: Tap | Typed) -> None:
        """Press a button, or type an answer."""
        self.taps += 1
        self.state = self.check_in.step(self.state, said, self.hours).state

    def run(self) -> int:
        """Go through the check-in and return how many taps it took."""
        flags = self.answers.get(self.check_in.flags.id) or ()
        if flags:
            self.press(Tap("one_of_these"))
            for flag in flags:  # type: ignore[attr-defined]
                if self.state.screen is Screen.FLAGS:
                    self.press(Tap("flag", option=flag))
            self.press_if(Screen.FLAGS, Tap("go_on"))
        elif self.symptoms() or self.answers.get(WORRY) or self.answers.get(CALL):
            self.press(Tap("symptoms"))
        else:
            self.press(Tap("all_good"))
        if self.state.screen is Screen.TICKS:
            self.tick()
        while self.state.screen is Screen.QUESTION:
            self.press(self.answer(self.state))
        return self.taps

    def press_if(self, screen: Screen, tap: Tap) -> None:
        """Press only where the screen is there."""
        if self.state.screen is screen:
            self.press(tap)

    def symptoms(self) -> list[str]:
        """Return the symptoms that the patient has to tick."""
        return [
            symptom
            for symptom, questions in self.check_in.roots.items()
            if symptom not in self.check_in.locked
            and any(self.answers.get(q.id, best(q)) != best(q) for q in questions)
        ]

    def tick(self) -> None:
        """Tick what there is, and leave the list."""
        for symptom in self.symptoms():
            self.press(Tap("tick", option=symptom))
        if self.answers.get(WORRY):
            self.press(Tap("tick", option=self.check_in.flags.symptom))
        if self.answers.get(CALL):
            self.press(Tap("call_me"))
        self.press(Tap("done", option=str(self.answers.get(TREND, "same"))))

    def answer(self, state: State) -> Tap | Typed:
        """Return the answer to the question on the screen."""
        question = self.check_in.offered[state.current]
        value = self.answers.get(question.id, best(question))
        match question.kind:
            case "severity" if isinstance(value, int):
                return Tap("answer", question.id, question.options[value].id)
            case "yes_no":
                return Tap("answer", question.id, "yes" if value else "no")
            case "choice":
                return Tap("answer", question.id, str(value))
            case "temperature" if value in (None, NOT_MEASURED):
                return Tap("answer", question.id, NOT_MEASURED)
            case "onset":
                return Tap("answer", question.id, question.options[0].id)
            case _:
                return Typed(f"{value or 1}")


def kind_of(check_in: CheckIn, answers: dict[str, object]) -> str:
    """Return whether a patient is well, has one mild symptom, or anything else."""
    worse = [
        (q, answers[q.id])
        for questions in check_in.roots.values()
        for q in questions
        if q.id in answers and best(q) is not None and answers[q.id] != best(q)
    ]
    said = answers.get(check_in.flags.id) or answers.get(WORRY) or answers.get(CALL)
    if said or "temp_c" in answers:
        return OTHER
    if not worse:
        return WELL if not check_in.again else OTHER
    (question, value), *more = worse
    mild = question.kind == "severity" and value == 1
    return MILD if mild and not more and check_in.again <= {question.id} else OTHER


def counted(followed: Followed, clinic: Clinic) -> Iterator[tuple[str, int]]:
    """Yield the kind of patient and the taps of each answered check-in of a course."""
    patient = followed.patient
    for place, one in enumerate(followed.answered):
        before = [Earlier(e.hours, e.answers) for e in followed.answered[:place] if planned(e)]
        occasion = Occasion(one.kind, one.due, patient.treatment, patient.area)
        history = History(before, patient.profile)
        check_in = CheckIn(asking(clinic.classifier), occasion, history)
        answers = dict(one.answers)
        driver = Driver(check_in, answers, one.hours)
        taps = driver.run()
        assert driver.state.screen in (Screen.END, Screen.STOP), driver.state
        yield kind_of(check_in, answers) if one.kind == "check_in" else OTHER, taps


def planned(one: Answered) -> bool:
    """Whether it was a check-in, not results or a reminder."""
    return one.kind == "check_in"


def page(taps: dict[str, Counter[int]], name: str, courses: int) -> str:
    """Return the figures as Markdown."""
    total = sum(sum(c.values()) for c in taps.values())
    lines = [
        "# Taps",
        "",
        f"Made by `make taps`: {total:,} answered check-ins of {courses:,} simulated courses",
        f"([assumptions](../bench/clinic/assumptions.toml)) through the conversation of {name}.",
        "",
        "| patient | check-ins | median | 95th percentile | worst | limit |",
        "| --- | ---: | ---: | ---: | ---: | --- |",
    ]
    for kind, limit in LIMITS.items():
        values = sorted(taps[kind].elements())
        p95 = values[int(0.95 * (len(values) - 1))]
        share = f"{len(values):,}"
        lines.append(f"| {kind} | {share} | {median(values):g} | {p95} | {values[-1]} | {limit} |")
    well = taps[WELL][1] / max(1, sum(taps[WELL].values()))
    lines += ["", f"{well:.1%} of the well patients are done with one tap."]
    return "\n".join(lines) + "\n"


def main(
    courses: Annotated[int, typer.Option(help="How many courses to simulate.")] = 1000,
    write: Annotated[Path | None, typer.Option(help="Write the page to this file.")] = None,
) -> None:
    """Count the taps of simulated patients."""
    clinic = Clinic(bundled(), load())
    taps: dict[str, Counter[int]] = {kind: Counter() for kind in LIMITS}
    console = Console(stderr=True)
    for followed in track(clinic.courses(1, courses), "courses", courses, console=console):
        for kind, count in counted(followed, clinic):
            taps[kind][count] += 1
    text = page(taps, clinic.protocol.name, courses)
    if write:
        write.write_text(text, encoding="utf-8")
    typer.echo(text)


if __name__ == "__main__":
    typer.run(main)
