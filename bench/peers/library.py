"""A bot of python-telegram-bot that stores nothing: `python -m bench.peers.library KIND ADDRESS`.

    bare          ApplicationBuilder's defaults: one update at a time
    concurrent    16 at a time over a pool of 16, the library's best setting by measurement
    conversation  ConversationHandler with PicklePersistence, at their defaults

A press is answered and its message changed, which is all that ours does in view of the patient.
"""

import asyncio
import logging
import sys
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    ContextTypes,
    ConversationHandler,
    PicklePersistence,
)

from bench.child import cpu, memory, say, told_to_stop
from bench.loopback import TOKEN

TEXT = "How red is the treated area, compared with your usual skin? " * 3
ANSWERING = 1
AT_ONCE = 16

App: TypeAlias = Application[Any, Any, Any, Any, Any, Any]
Builder: TypeAlias = ApplicationBuilder[Any, Any, Any, Any, Any, Any]


async def answer(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> int:
    """Answer a press and show the next question."""
    query = update.callback_query
    assert query is not None
    await query.answer()
    buttons = [
        [InlineKeyboardButton(f"Option {number}", callback_data=f"c:{number}")]
        for number in range(4)
    ]
    await query.edit_message_text(
        f"{TEXT}{update.update_id}", reply_markup=InlineKeyboardMarkup(buttons)
    )
    return ANSWERING


def bare(builder: Builder, _folder: str) -> App:
    """Return the library's defaults."""
    app = builder.build()
    app.add_handler(CallbackQueryHandler(answer))
    return app


def concurrent(builder: Builder, _folder: str) -> App:
    """Return the fastest that the library's own settings make it."""
    app = builder.concurrent_updates(AT_ONCE).connection_pool_size(AT_ONCE).build()
    app.add_handler(CallbackQueryHandler(answer))
    return app


def conversation(builder: Builder, folder: str) -> App:
    """Return a conversation that is kept in a file, as the library's manual shows it."""
    kept = PicklePersistence(Path(folder) / "conversation.pickle")
    app = builder.persistence(kept).build()
    press: CallbackQueryHandler[Any, object] = CallbackQueryHandler(answer)
    app.add_handler(
        ConversationHandler(
            [press], {ANSWERING: [press]}, [], name="check_in", persistent=True, per_message=False
        )
    )
    return app


KINDS: dict[str, Callable[[Builder, str], App]] = {
    "bare": bare, "concurrent": concurrent, "conversation": conversation,
}  # fmt: skip


async def serve(kind: str, address: str, folder: str) -> None:
    """Run until told to stop, and say what it took."""
    builder = ApplicationBuilder().token(TOKEN).base_url(f"{address}/bot")
    app = KINDS[kind](builder, folder)
    async with app:
        began = cpu()
        await app.start()
        assert app.updater is not None
        await app.updater.start_polling()
        await told_to_stop()
        used = cpu() - began
        await app.updater.stop()
        await app.stop()
    say(cpu=used, memory=memory())


def main() -> None:
    """Run from the command line."""
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(serve(sys.argv[1], sys.argv[2], folder))


if __name__ == "__main__":
    main()
