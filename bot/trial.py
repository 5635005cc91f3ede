"""`aftercheck try`: go through one check-in in the terminal, as a patient would in the chat."""

import re
from typing import Annotated

import typer
from rich.console import Console
from rich.panel import Panel

from bot.cli_ends import BAD_INPUT, end
from flows.asking import Occasion, asking
from flows.case_frame import CaseError
from flows.checkin import CheckIn
from flows.classify import compiled
from flows.conversation import Typed
from flows.derived import History
from flows.named_signs import signs_in
from flows.protocol import Protocol
from flows.protocol_file import bundled
from flows.screens import Screens, View
from flows.verdict import Verdict

WIDTH = 80


def try_check_in(
    treatment: Annotated[str, typer.Option(help="Treatment ids joined by +.")] = "inj_skin",
    hours: Annotated[int, typer.Option(help="Hours after the session, like 24.")] = 24,
    area: Annotated[str, typer.Option(help="The treated area.")] = "face",
) -> None:
    """Answer one check-in in the terminal and see how it is sorted.

    Type a button's number with a # before it, or anything a patient might type.
    """
    console = Console()
    try:
        check_in = CheckIn(
            asking(compiled(bundled())),
            Occasion("check_in", hours, treatment, area),
            History(profile={"area": area}),
        )
        state = check_in.open()
        verdict = check_in.verdict(state, hours)
    except (CaseError, ValueError) as error:
        end(error, BAD_INPUT)
    screens = Screens(check_in, "en")
    while True:
        view = screens.view(state, verdict)
        show(console, view, verdict)
        try:
            said = console.input("[bold]> [/bold]")
        except EOFError:
            return
        numbered = {f"#{number}": button.tap for number, button in enumerate(view.buttons, 1)}
        heard = numbered.get(said) or screens.heard(state, verdict, said)
        step = check_in.step(state, heard, hours)
        state, verdict = step.state, step.verdict
        if isinstance(heard, Typed) and step.kept_words:
            kept(console, check_in.protocol, step.kept_words)


def show(console: Console, view: View, verdict: Verdict) -> None:
    """Print the message as the patient sees it, and below it what staff would.

    What only a clinic can fill in stands as ‹its name›.
    """
    buttons = "\n".join(f"[cyan]#{n}[/cyan] {b.label}" for n, b in enumerate(view.buttons, 1))
    text = re.sub(r"\{(\w+)\}", lambda m: f"‹{m[1].replace('_', ' ')}›", "\n\n".join(view.lines))
    console.print(Panel(f"{text}\n\n{buttons}", title="patient", width=WIDTH))
    rules = ", ".join(f"{f.rule} ({f.level})" for f in verdict.because) or "nothing fired"
    console.print(f"[dim]staff: {verdict.level}: {rules}[/dim]")


def kept(console: Console, protocol: Protocol, words: str) -> None:
    """Say what happens to words that are no answer."""
    signs = ", ".join(sign.sign for sign in signs_in(protocol, words).signs) or "none found"
    console.print(f"[yellow]kept for a person; warning signs in the words: {signs}[/yellow]")
