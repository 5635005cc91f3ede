"""The smallest bot of the library, for the time that its start takes."""

import sys

from telegram import Update
from telegram.ext import ApplicationBuilder, CallbackQueryHandler, ContextTypes

TOKEN = f"7001000001:{'A' * 35}"


async def answer(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    """Answer a press."""
    assert update.callback_query is not None
    await update.callback_query.answer()


if __name__ == "__main__":
    app = ApplicationBuilder().token(TOKEN).base_url(f"{sys.argv[1]}/bot").build()
    app.add_handler(CallbackQueryHandler(answer))
    app.run_polling()
