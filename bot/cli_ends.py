"""How a command ends that cannot go on: with a sentence on stderr, and an exit code."""

from pathlib import Path
from typing import Final, NoReturn

import typer

from flows.protocol import Protocol
from flows.protocol_file import ProtocolError, bundled, load

FAILED: Final = 1
"""It could not be done, or what was looked at is not in order."""
BAD_INPUT: Final = 2
"""What was given, or a part of it, cannot be used."""


def end(why: object, code: int) -> NoReturn:
    """End with a sentence."""
    typer.echo(str(why), err=True)
    raise typer.Exit(code)


def opened(path: Path | None) -> Protocol:
    """Return the protocol file that was named, else the bundled one; end with its problems."""
    try:
        return bundled() if path is None else load(path)
    except ProtocolError as error:
        end(error, BAD_INPUT)
