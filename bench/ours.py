"""The real bot as one side of a measurement.

    python -m bench.ours FOLDER ADDRESS KEY CHAT [unpaced]

CHAT is the staff's group. `unpaced` lifts the limit of 29 messages a second that the bot keeps for
Telegram's sake: the library on the other side keeps none.
"""

import asyncio
import logging
import sys
from contextlib import suppress
from pathlib import Path

from bench.child import cpu, memory, say, told_to_stop
from bench.loopback import TOKEN
from bot.app import Aftercheck
from bot.cli_run import fast_loop
from bot.clock import SystemClock
from bot.delivery.pacing import Pacing
from bot.settings import Settings, settings
from flows.protocol_file import bundled, bundled_text
from storage.opening import open_database
from storage.transaction import Query, Transaction

STAFF_CHAT = -100_700_800
ZONE = "Europe/Berlin"
UNLIMITED = 1_000_000.0

COUNTS = """
    SELECT (SELECT count(*) FROM inbox WHERE state = 'done') AS done,
           (SELECT count(*) FROM answer) AS answers,
           (SELECT count(*) FROM outbox WHERE state = 'sent') AS sent
"""


def clinic_settings(folder: Path, address: str, key: str, staff_chat: int = STAFF_CHAT) -> Settings:
    """Return the settings of a clinic whose database lies in a folder."""
    return settings(
        _env_file=None, telegram_bot_token=TOKEN, encryption_key=key, telegram_api_url=address,
        database_url=f"sqlite:///{folder / 'clinic.db'}", staff_chat_id=staff_chat,
        staff_roster="5001:Ben:nurse, 5002:Cleo:doctor", clinic_name="Clinic Sunrise",
        clinic_phone="+49 30 1234", clinic_timezone=ZONE, emergency_number="112",
        clinic_hours="mon-sun 00:00-24:00", urgent_line="116117", listen_port=0,
    )  # fmt: skip


def counted() -> Transaction[dict[str, int]]:
    """Return what is stored of the presses."""
    row = (yield Query(COUNTS))[0]
    return {"done": row["done"], "answers": row["answers"], "sent": row["sent"]}


async def serve(folder: Path, address: str, key: str, staff_chat: int, *, unpaced: bool) -> None:
    """Run until told to stop, and say what it took."""
    given = clinic_settings(folder, address, key, staff_chat)
    database = await open_database(given.database_url, exclusive=True)
    app = Aftercheck(given, database, SystemClock())
    await app.start(bundled(), bundled_text())
    if unpaced:
        app.sender.pacing = Pacing(UNLIMITED)
    stopping = asyncio.Event()
    began = cpu()
    running = asyncio.create_task(app.run(stopping))
    await told_to_stop()
    used = cpu() - began
    stopping.set()
    with suppress(asyncio.CancelledError):
        await running
    stored = await database.read(counted)
    await app.stop()
    say(cpu=used, memory=memory(), modules=heavy(), **stored)


def heavy() -> list[str]:
    """Return which of the heavy libraries are loaded that a running bot has no use for."""
    names = ("sqlalchemy", "alembic", "matplotlib", "fastapi", "pandas")
    return [name for name in names if name in sys.modules]


def main() -> None:
    """Run from the command line."""
    logging.disable(logging.WARNING)
    folder, address, key, staff_chat, *more = sys.argv[1:]
    with asyncio.Runner(loop_factory=fast_loop) as runner:
        runner.run(serve(Path(folder), address, key, int(staff_chat), unpaced="unpaced" in more))


if __name__ == "__main__":
    main()
