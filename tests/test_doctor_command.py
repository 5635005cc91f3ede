"""The doctor's command prints what it finds, and never a token."""

from typing import Any

import typer
from typer.testing import CliRunner

from bot.cli_doctor import doctor
from bot.doctor.account import of_account
from bot.doctor.calling import Answer
from bot.doctor.findings import Mark


def test_a_refused_token_is_not_repeated() -> None:
    answer = Answer(
        ok=False, result=None, code=404, description="Not Found", parameters={}, at=None
    )
    (one,) = of_account(answer)
    assert one.mark is Mark.BAD


def command(monkeypatch, tmp_path, **environment: str) -> Any:
    monkeypatch.chdir(tmp_path)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    app = typer.Typer()
    app.command()(doctor)
    return CliRunner().invoke(app, [])


def test_the_command_prints_a_line_each_and_exits_1(monkeypatch, tmp_path) -> None:
    result = command(monkeypatch, tmp_path, TELEGRAM_BOT_TOKEN="")
    assert result.exit_code == 1
    assert "✗ TELEGRAM_BOT_TOKEN is missing" in result.output
    assert "! Telegram was not asked" in result.output


def test_the_command_says_which_setting_cannot_be_read(monkeypatch, tmp_path) -> None:
    result = command(monkeypatch, tmp_path, CLINIC_TIMEZONE="Berlin/Europe")
    assert result.exit_code == 1
    assert result.output.startswith("✗ CLINIC_TIMEZONE: there is no time zone")
