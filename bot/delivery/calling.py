"""Calls through python-telegram-bot's `Bot`, without its result objects: they cost a third more."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TypeAlias

from telegram import Bot, InputFile

from bot.delivery.parcel import Upload
from bot.export.waiting import StillWrittenError
from bot.transport import NotSentError
from storage.outbox_rows import STUCK

Call: TypeAlias = Callable[[str, dict[str, Any], Upload | None], Awaitable[Any]]
"""Carries out a method with its parameters and file; returns its result as JSON has it."""


def through(bot: Bot) -> Call:
    """Return what calls the Bot API as this bot.

    A file's content is read piece by piece while it is sent, so a long export needs no memory.
    """

    async def call(method: str, payload: dict[str, Any], upload: Upload | None) -> Any:  # noqa: ANN401
        # The library warns of names it has a method for; the Bot API reads them without case.
        endpoint = method.lower()
        if upload is None:
            return await bot.do_api_request(endpoint, api_kwargs=payload)
        content = await made(upload)
        with ExitStack() as files:
            if isinstance(content, Path):
                opened = files.enter_context(await asyncio.to_thread(content.open, "rb"))
                file = InputFile(opened, filename=upload.name, read_file_handle=False)
            else:
                file = InputFile(content, filename=upload.name)
            return await bot.do_api_request(endpoint, api_kwargs=payload | {upload.field: file})

    return call


async def made(upload: Upload) -> bytes | Path:
    """Return a file's content; a file that cannot be made is a call that was not sent.

    It holds up nothing else of its chat.

    Raises:
        NotSentError: it cannot be made.
        StillWrittenError: it is not there yet.
    """
    try:
        return await upload.open()
    except StillWrittenError:
        raise
    except Exception as error:
        reason = f"{STUCK}: the file {upload.name} could not be made: {type(error).__name__}"
        raise NotSentError(reason) from error
