"""python-telegram-bot's AIORateLimiter in a storm: sixty alerts into one group, patients beside.

Needs `aiolimiter`. Everything is held in memory; a message is on screen when its call returns.
"""

import asyncio
import statistics
import time

from telegram.ext import AIORateLimiter, ExtBot
from telegram.request import HTTPXRequest

from bench.loopback import TOKEN

TEXT = "How does the treated area feel today?"


async def storm(
    address: str, staff: int, patients: list[int], alerts: int, seconds: float
) -> tuple[float, float]:
    """Return how late the last alert is, and how long patients wait at the median, in seconds."""
    request = HTTPXRequest(connection_pool_size=64, pool_timeout=600.0)
    limiter = AIORateLimiter(max_retries=100)
    bot = ExtBot(TOKEN, base_url=f"{address}/bot", request=request, rate_limiter=limiter)

    async def timed(chat: int, text: str) -> float:
        began = time.monotonic()
        await bot.send_message(chat, text)
        return time.monotonic() - began

    async def evenly(chats: list[int], text: str) -> list[float]:
        sending = []
        for number, chat in enumerate(chats):
            sending.append(asyncio.create_task(timed(chat, f"{text} {number}")))
            await asyncio.sleep(seconds / len(chats))
        return await asyncio.gather(*sending)

    async with bot:
        late, waits = await asyncio.gather(
            evenly([staff] * alerts, "Alert"), evenly(patients, TEXT)
        )  # fmt: skip
    return max(late), statistics.median(waits)
