"""Running `aftercheck` in the tests."""

from typer.testing import CliRunner, Result

from bot.cli import app


def run(*words: str, stdin: str | bytes = "") -> Result:
    """Run `aftercheck` with these words; whatever happens, it ends without a traceback."""
    result = CliRunner().invoke(app, list(words), input=stdin)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    assert "Traceback" not in result.output
    return result
