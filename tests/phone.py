"""Anna's phone in the tests: a check-in of hers, and what it shows."""

from generated_cases import classifier, protocol

from flows.asking import Occasion, asking
from flows.checkin import CheckIn
from flows.conversation import Tap
from flows.derived import Earlier, History
from flows.screens import Screens, View


class Phone:
    """Anna's phone: her check-in and what it shows."""

    def __init__(
        self,
        due: int = 24,
        treatment: str = "inj_skin",
        kind: str = "check_in",
        language: str = "en",
        before: tuple[Earlier, ...] = (),
    ) -> None:
        self.check_in = CheckIn(
            asking(classifier()), Occasion(kind, due, treatment, "face"), History(before)
        )
        self.screens = Screens(self.check_in, language)
        self.due = due
        self.state = self.check_in.open()
        self.verdict = self.check_in.verdict(self.state, due)

    @property
    def view(self) -> View:
        return self.screens.view(self.state, self.verdict)

    @property
    def labels(self) -> list[str]:
        return [button.label for button in self.view.buttons]

    @property
    def text(self) -> str:
        return "\n\n".join(self.view.lines)

    def go(self, *said: Tap | str) -> "Phone":
        """Tap, or type; words are heard as the screens hear them."""
        for one in said:
            heard = (
                self.screens.heard(self.state, self.verdict, one) if isinstance(one, str) else one
            )
            step = self.check_in.step(self.state, heard, self.due)
            self.state, self.verdict = step.state, step.verdict
        return self


def words(kind: str, name: str) -> str:
    return getattr(protocol(), kind)[name]["en"]


def option(question: str, name: str) -> str:
    options = protocol().question_by_id[question].options
    return next(o.label["en"] for o in options if o.id == name)
