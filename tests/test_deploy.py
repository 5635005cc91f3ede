"""What is deployed: locked, without rights it does not need, and stopped gently."""

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.clinics.keeping import STOP_SECONDS
from bot.settings import settings

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
SERVICE = DEPLOY / "aftercheck.service"
CLINICS_SERVICE = DEPLOY / "aftercheck-clinics.service"
PINNED = re.compile(r"^([a-z0-9-]+)==(\S+)", re.MULTILINE)
MOST_EXPOSED = 2.0
"""As `systemd-analyze security` counts (docs/sources.md, exposure)."""


def pins(name: str) -> dict[str, str]:
    return dict(PINNED.findall((ROOT / name).read_text(encoding="utf-8")))


@pytest.mark.parametrize("name", ["requirements-run.lock", "deploy/requirements-build.lock"])
def test_what_runs_is_what_was_tested_and_every_file_has_a_hash(name) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    tested = pins("requirements.lock")
    assert pins(name).items() <= tested.items()
    assert "://" not in text
    blocks = re.split(r"\n(?=[a-z0-9])", text.strip())
    assert all("--hash=sha256:" in block for block in blocks)


def test_the_runtime_lock_has_all_dependencies_and_no_tool() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    locked = pins("requirements-run.lock").keys()

    def names(wanted: list[str]) -> set[str]:
        return {re.split(r"[^a-z0-9-]", one.lower())[0] for one in wanted}

    own = project["project"]
    assert names(own["dependencies"] + own["optional-dependencies"]["postgres"]) <= locked
    assert not names(project["dependency-groups"]["dev"]) & locked


def test_the_container_is_not_root_and_is_told_to_stop_gently() -> None:
    lines = DOCKERFILE.splitlines()
    assert "USER 10001:10001" in lines
    assert "STOPSIGNAL SIGTERM" in lines
    assert "VOLUME /data" in lines
    installs = [line for line in lines if "pip install" in line]
    assert installs
    assert all("--require-hashes" in line or "--no-index" in line for line in installs)


def test_every_file_that_the_image_copies_is_there_and_not_ignored() -> None:
    kept = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE):
        for name in line.split()[:-1]:
            assert (ROOT / name).exists(), name
            assert f"!{name}" in kept, name


def test_compose_takes_every_right_away() -> None:
    text = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    bot = text.partition("  bot:")[2].partition("  postgres:")[0]
    for line in (
        "env_file: ../.env", "restart: unless-stopped", "read_only: true", "cap_drop: [ALL]",
        'security_opt: ["no-new-privileges:true"]', "replicas: 1", "- data:/data",
    ):  # fmt: skip
        assert line in bot, line
    assert "profiles: [postgres]" in text


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd-analyze here")
@pytest.mark.parametrize("unit", [SERVICE, CLINICS_SERVICE], ids=lambda unit: unit.name)
def test_the_service_is_exposed_to_no_more_than_the_plan_allows(unit) -> None:
    command = ["systemd-analyze", "security", "--offline=yes", "--no-pager", str(unit)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    (level,) = re.findall(r"Overall exposure level for \S+: ([\d.]+)", said)
    assert float(level) <= MOST_EXPOSED


def test_the_service_gets_its_secrets_as_credentials() -> None:
    text = SERVICE.read_text(encoding="utf-8")
    for secret in ("encryption_key", "telegram_bot_token"):
        assert f"LoadCredential={secret}:/etc/aftercheck/{secret}" in text
        assert f'{secret.upper()}=$(cat "$CREDENTIALS_DIRECTORY/{secret}")' in text


def lines_of(unit: Path) -> set[str]:
    lines = unit.read_text(encoding="utf-8").partition("[Service]")[2].splitlines()
    return {line for line in lines if "=" in line and not line.startswith(("#", " "))}


def test_the_service_of_several_clinics_has_every_restriction_of_the_one_of_one() -> None:
    """It knows its user by name, because that user has to be able to read each clinic's file."""
    less = lines_of(SERVICE) - lines_of(CLINICS_SERVICE)
    assert {line.partition("=")[0] for line in less} == {
        "EnvironmentFile", "Environment", "LoadCredential", "ExecStart", "TimeoutStopSec",
        "DynamicUser", "SocketBindAllow", "MemoryMax", "TasksMax",
    }  # fmt: skip
    assert "User=aftercheck" in lines_of(CLINICS_SERVICE)


def test_the_service_of_several_clinics_gives_each_the_time_to_end_and_its_port() -> None:
    text = CLINICS_SERVICE.read_text(encoding="utf-8")
    (patience,) = re.findall(r"^TimeoutStopSec=(\d+)$", text, re.MULTILINE)
    assert float(patience) > STOP_SECONDS
    ((first, last),) = re.findall(r"^SocketBindAllow=tcp:(\d+)-(\d+)$", text, re.MULTILINE)
    (port,) = re.findall(r"^ExecStart=.* run --clinics \S+ --port (\d+)$", text, re.MULTILINE)
    assert int(first) <= int(port) < settings(_env_file=None).listen_port <= int(last)


@pytest.mark.parametrize(
    ("status", "body", "code", "said"),
    [
        (200, {"ok": True, "troubles": []}, 0, "The bot is well."),
        (503, {"ok": False, "troubles": ["poll", "alert"]}, 1, "The bot is not well: poll, alert"),
        (404, None, 1, "The bot is not well: no health page"),
    ],
)
async def test_the_containers_health_check_asks_the_page(
    status, body, code, said, monkeypatch
) -> None:
    async def page(_request: web.Request) -> web.Response:
        return web.json_response(body, status=status)

    app = web.Application()
    app.router.add_get("/healthz", page)
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    async with TestServer(app) as server:
        assert await health_check(server.port) == (code, said)


async def test_a_bot_that_is_not_there_is_not_well(unused_tcp_port) -> None:
    code, said = await health_check(unused_tcp_port)
    assert code == 1
    page = f"http://127.0.0.1:{unused_tcp_port}/healthz"
    assert said.startswith(f"The bot does not answer at {page} (URLError). Start it with")


async def test_a_setting_that_is_wrong_is_said_by_the_health_check() -> None:
    code, said = await health_check("eighty")
    assert code == 1
    assert "LISTEN_PORT" in said
    assert "Traceback" not in said


async def health_check(port: int | str | None) -> tuple[int, str]:
    """Run the command of the Dockerfile's HEALTHCHECK."""
    (words,) = re.findall(r"^    CMD (\[.*healt.*\])$", DOCKERFILE, re.MULTILINE)
    command = [sys.executable, *json.loads(words)[1:]]
    process = await asyncio.create_subprocess_exec(
        *command, env=os.environ | {"LISTEN_PORT": str(port)}, cwd=ROOT,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    out, _ = await process.communicate()
    return process.returncode or 0, out.decode().strip()
