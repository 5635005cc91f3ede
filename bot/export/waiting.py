"""Files for the chat that are being written: beside the bot, and looked at again and again.

A file is written in a thread while its message waits in the outbox. Nothing is held up by it, and
after a restart it is written anew, since the message still waits.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final, TypeAlias

QUICK: Final = 5.0
"""Seconds that a sending waits for a file before it looks again later (own choice): short of the
20 after which nobody would know whether it came."""

Report: TypeAlias = Callable[[int, int], None]
Write: TypeAlias = Callable[[Report], bytes]


class StillWrittenError(Exception):
    """A file is not there yet; `done` of `total` cases are in it."""

    def __init__(self, done: int, total: int) -> None:
        super().__init__(f"{done} of {total} is written")
        self.done, self.total = done, total


@dataclass
class Job:
    """One file that is being written."""

    content: "Future[bytes]"
    done: int = 0
    total: int = 0


@dataclass
class Waiting:
    """The files of one bot, by the number of the message that waits for each."""

    jobs: dict[int, Job] = field(default_factory=dict)
    threads: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "export"))

    async def made(self, number: int, write: Write) -> bytes:
        """Return the file of a message, begun now or before; one that failed is begun anew.

        Raises:
            StillWrittenError: it takes longer.
            Exception: it could not be written.
        """
        job = self.jobs.get(number) or self.begun(number, write)
        content = asyncio.wrap_future(job.content)
        content.add_done_callback(lambda one: one.cancelled() or one.exception())
        done, _ = await asyncio.wait([content], timeout=QUICK)
        if not done:
            raise StillWrittenError(job.done, job.total)
        if content.exception() is not None:
            del self.jobs[number]
        return content.result()

    def begun(self, number: int, write: Write) -> Job:
        """Begin to write a file."""
        job = self.jobs[number] = Job(Future())

        def report(done: int, total: int) -> None:
            job.done, job.total = done, total

        job.content = self.threads.submit(write, report)
        return job

    def forget(self, number: int) -> None:
        """Let go of a file: its message has ended."""
        self.jobs.pop(number, None)
