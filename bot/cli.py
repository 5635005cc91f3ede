"""The command line: `aftercheck` and its commands."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from bot import (
    cli_audit,
    cli_care,
    cli_doctor,
    cli_enrol,
    cli_export,
    cli_health,
    cli_keys,
    cli_languages,
    cli_restore,
    cli_roster,
    cli_sessions,
    protocol_cli,
    trial,
)
from bot.cli_ends import BAD_INPUT, end, opened
from flows.case_frame import CaseError
from flows.cases import parse_case
from flows.classify import Classifier, compiled
from flows.redflags import Detection, detect
from flows.tables import Language
from flows.verdict import Verdict

app = typer.Typer(
    help="Looks after people in the days after a treatment: asks, sorts, tells a person.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(protocol_cli.app, name="protocol")
app.add_typer(cli_keys.app, name="keys")
app.add_typer(cli_audit.app, name="audit")
app.add_typer(cli_sessions.app, name="sessions")
app.add_typer(cli_roster.app, name="roster")
app.command("try")(trial.try_check_in)
app.command("enrol")(cli_enrol.enrol_patient)
app.command("session")(cli_enrol.add_patient_session)
app.command("export")(cli_export.export)
app.command("backup")(cli_care.backup)
app.command("restore")(cli_restore.restore)
app.command("resume")(cli_restore.resume)
app.command("erase")(cli_care.erase)
app.command("doctor")(cli_doctor.doctor)
app.command("health")(cli_health.health)
app.command("languages")(cli_languages.languages)

ProtocolFile = Annotated[
    Path | None, typer.Option("--protocol", help="A protocol file; the bundled one if left out.")
]


def main() -> None:
    """Run the command line."""
    app()


@app.command()
def run(
    *,
    clinics: Annotated[
        Path | None, typer.Option(help="Run every clinic that has a folder in this one.")
    ] = None,
    host: Annotated[str, typer.Option(help="Where their health is said.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="And at which port.")] = 8079,
) -> None:
    """Run the bot: polls by default, and by webhook where WEBHOOK_URL is set."""
    if clinics is not None:
        from bot.clinics.running import run_clinics  # noqa: PLC0415 - most have one

        run_clinics(clinics, host, port)
        return
    from bot.cli_run import run_bot  # noqa: PLC0415 - sorting on stdin needs no Telegram

    run_bot()


@app.command()
def chats() -> None:
    """List the group and the people who have just written to the bot, for .env.

    Add the bot to your staff group and let everybody write /start there first.
    """
    from bot.cli_chats import list_chats  # noqa: PLC0415 - as above

    list_chats()


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="Where the page is served; 0 takes a free one.")] = 8765,
    *,
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
    language: Annotated[
        Language, typer.Option(help="What the patients' phones are set to.")
    ] = "en",
) -> None:
    """Try the bot on this machine: no Telegram account, no network, nothing is kept."""
    from bot.cli_demo import play  # noqa: PLC0415 - as above

    play(port, language, browser=browser)


@app.command()
def classify(protocol: ProtocolFile = None) -> None:
    """Sort cases: JSON lines on stdin, a verdict for each on stdout.

    A line that is no case gets {"error": ...} in its place, and the exit code is 2 at the end.
    """
    classifier = compiled(opened(protocol))
    bad = 0
    for number, line in enumerate(lines_of_stdin(), 1):
        if not line.strip():
            continue
        try:
            answer = sorted_case(classifier, line)
        except CaseError as error:
            bad += 1
            answer = {"error": f"line {number}: {error}"}
        typer.echo(json.dumps(answer, ensure_ascii=False))
    if bad:
        end(f'{bad} line(s) could not be sorted; see their "error"', BAD_INPUT)


@app.command()
def redflags() -> None:
    """Look for warning signs: lines of text on stdin, {"interrupt": …, "signs": […]} on stdout."""
    for line in lines_of_stdin():
        typer.echo(json.dumps(detected(detect(line.rstrip("\r\n"))), ensure_ascii=False))


def lines_of_stdin() -> Iterator[str]:
    """Yield lines of UTF-8 from stdin; bytes that are no UTF-8 become the replacement sign."""
    for raw in sys.stdin.buffer:
        yield raw.decode("utf-8", errors="replace")


def sorted_case(classifier: Classifier, line: str) -> dict[str, object]:
    """Sort one JSON line.

    Raises:
        CaseError: the line is no case.
    """
    case = parse_case(line)
    verdict = classifier.classify(case.treatment, case.hours, case.answers, case.history)
    return as_json(verdict)


def as_json(verdict: Verdict) -> dict[str, object]:
    """Return a verdict in the shape of the public interface; `unclear` is there when any is."""
    because = [
        {"rule": f.rule, "level": str(f.level), "reason": f.reason, "source": ", ".join(f.source)}
        for f in verdict.because
    ]
    shape: dict[str, object] = {
        "level": str(verdict.level),
        "because": because,
        "protocol": verdict.protocol,
        "text": verdict.text,
    }
    if verdict.unclear:
        shape["unclear"] = list(verdict.unclear)
    return shape


def detected(detection: Detection) -> dict[str, object]:
    """Return a detection in the shape of the public interface, with the words behind each sign."""
    return {
        "interrupt": detection.interrupt,
        "signs": [sign.sign for sign in detection.signs],
        "words": {sign.sign: list(sign.words) for sign in detection.signs},
    }
