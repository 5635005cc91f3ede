"""`aftercheck run`: the bot, until it is told to stop."""

import asyncio
import gc
import logging
import signal
from typing import Final

import typer
from aiohttp import web
from telegram.error import InvalidToken, TelegramError

from bot import logs
from bot.app import Aftercheck
from bot.clock import SystemClock
from bot.doctor.calling import Calling, UnreachableError
from bot.doctor.staff_chat import knows_somebody
from bot.intake import TakenOverError
from bot.reaching import Reaching
from bot.settings import Settings, SettingsError, settings
from bot.watchdog.channels import second_channels
from bot.watchdog.telling import Telling
from flows.engine.desk import day_and_time
from flows.protocol_file import ProtocolError, bundled, bundled_text, load, says_the_same, text_of
from storage import clinic
from storage.opening import open_database
from storage.sealing import SealError
from storage.synthetic import has_patients
from storage.transaction import StorageError

LOGGER = logging.getLogger(__name__)
BAD_SETTINGS: Final = 2
TROUBLE: Final = 1
STRANGERS_THERE: Final = (
    "Nobody from the roster is in the group STAFF_CHAT_ID, so alerts would go to strangers. "
    "Check the number with `aftercheck chats`, or add the staff to the group."
)
CHANGED: Final = (
    "The protocol {name} was changed, and patients are enrolled on what it said before. Raise the "
    "version in the file, and start again: they keep the earlier one, new patients get this one."
)


def run_bot() -> None:
    """Run the bot: polls by default, and by webhook where WEBHOOK_URL is set."""
    try:
        given = settings()
    except SettingsError as error:
        end(error.problems, BAD_SETTINGS)
    if missing := given.missing():
        end([*missing, "Set these in the environment or in .env; .env.example says how."],
            BAD_SETTINGS)  # fmt: skip
    logs.configure(given.log_level)
    try:
        with asyncio.Runner(loop_factory=fast_loop) as runner:
            runner.run(serve(given))
    except SettingsError as error:
        end(error.problems, BAD_SETTINGS)
    except InvalidToken:
        end(["TELEGRAM_BOT_TOKEN is no bot's token; copy it again from @BotFather."], BAD_SETTINGS)
    except (StorageError, SealError, ProtocolError, TakenOverError) as error:
        end([str(error)], TROUBLE)
    except TelegramError as error:
        end([f"Telegram cannot be reached: {type(error).__name__}. Is there a network?"], TROUBLE)
    except OSError as error:
        end([f"The web server cannot listen: {error.strerror}. Set LISTEN_PORT."], TROUBLE)


def end(sentences: list[str], code: int) -> None:
    """Say what is wrong and how to mend it, and end."""
    for sentence in sentences:
        typer.echo(sentence, err=True)
    raise typer.Exit(code)


def fast_loop() -> asyncio.AbstractEventLoop:
    """Return the fastest event loop that is installed."""
    try:
        import uvloop  # noqa: PLC0415 - not on every system
    except ModuleNotFoundError:
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()


async def serve(given: Settings) -> None:
    """Run until SIGTERM or SIGINT, then stop in order."""
    protocol, text = bundled(), bundled_text()
    if given.protocol_file is not None:
        protocol = load(given.protocol_file)
        text = text_of(given.protocol_file)
    stopping = asyncio.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(one, stopping.set)
    database = await open_database(given.database_url, exclusive=True)
    pinned = await database.read(lambda: clinic.pinned_text(protocol.name))
    if pinned is not None and not says_the_same(pinned, text):
        await database.close()
        raise ProtocolError([CHANGED.format(name=protocol.name)])
    bot = Aftercheck(given, database, SystemClock())
    try:
        reached = await reaching(bot).until(bot.bot, stopping)
    except BaseException:
        await bot.never_started()
        raise
    if not reached:
        await bot.never_started()
        return
    await bot.start(protocol, text)
    await check_staff_chat(bot)
    runner = web.AppRunner(bot.web(), access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, given.listen_host, given.listen_port).start()
        typer.echo(started(bot, runner), err=True)
        leave_alone()
        await bot.run(stopping)
    finally:
        await runner.cleanup()
        await bot.stop()


def reaching(bot: Aftercheck) -> Reaching:
    """Return who tries until Telegram answers, and tells the second channel that it does not."""
    zone = bot.settings.hours.zone
    channels = second_channels(bot.settings, lambda when: day_and_time(when, zone))
    return Reaching(bot.settings, bot.clock, Telling(bot.database, channels))


def leave_alone() -> None:
    """Have the garbage collector pass over what is there after the start, and stays.

    Protocols and libraries are more than a hundred thousand objects. Going through them took a
    tenth of a second, in which nobody is heard; a page of many rows sets it off each time.
    """
    gc.collect()
    gc.freeze()


async def check_staff_chat(bot: Aftercheck) -> None:
    """Refuse a staff chat in which nobody from the roster is: alerts would go to strangers.

    Where patients are in care already the bot starts all the same, and the watchdog calls: a bot
    that hears them and tells somebody outside is better than one that hears nobody.

    Raises:
        SettingsError: it is such a one, and nobody is in care.
    """
    known = bot.settings
    roster = await bot.database.read(clinic.roster)
    people = [one.id for one in roster if one.takes_alerts]
    chat = await bot.database.read(bot.office.staff_chat)
    try:
        async with Calling(
            known.telegram_api_url, known.telegram_bot_token.get_secret_value()
        ) as call:
            is_ours = await knows_somebody(call, chat, people)
    except UnreachableError:
        return  # the watchdog looks again
    if is_ours:
        return
    if await bot.database.read(has_patients):
        LOGGER.error("nobody from the roster is in the staff chat")
    else:
        await bot.stop()
        raise SettingsError([STRANGERS_THERE])


def started(bot: Aftercheck, runner: web.AppRunner) -> str:
    """Say that the bot runs, and where its health can be looked at."""
    host, port = runner.addresses[0][:2]
    way = "by webhook" if bot.settings.webhook_url else "by polling"
    return (
        f"Aftercheck runs as @{bot.bot.username} ({way}), protocol {bot.office.protocol.name}. "
        f"Health: http://{host}:{port}/healthz"
    )
