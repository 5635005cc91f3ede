"""`aftercheck keys`: the key that seals what is stored."""

import typer

from storage.sealing import new_key_text

app = typer.Typer(
    help="The key that seals what is stored.", no_args_is_help=True, add_completion=False
)


@app.callback()
def keys() -> None:
    """Make the key that seals what is stored."""


@app.command()
def new() -> None:
    """Print a new ENCRYPTION_KEY. Keep a copy away from this machine: nothing opens without it."""
    typer.echo(new_key_text())
