"""Runs many calls, each in a process that has everything imported, one process on each core."""

import os
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from typing import TypeVar

T = TypeVar("T")


def on_each_core(
    work: Callable[..., T], calls: Iterable[tuple[object, ...]], processes: int | None = None
) -> Iterator[T]:
    """Yield what the calls return, as they end; after Ctrl+C, of those alone that had begun.

    Args:
        work: What is called; a function of a module.
        calls: What each call is given.
        processes: How many at once; one on each core without.
    """
    with ProcessPoolExecutor(processes or os.cpu_count(), get_context("spawn"), goes_on) as pool:
        waiting = {pool.submit(work, *given) for given in calls}
        try:
            for one in as_completed(list(waiting)):
                waiting.remove(one)
                yield one.result()
        except KeyboardInterrupt:
            pool.shutdown(cancel_futures=True)
            yield from (one.result() for one in waiting if not one.cancelled())
        finally:
            pool.shutdown(cancel_futures=True)


def goes_on() -> None:
    """Leave Ctrl+C to the process that shares out the calls."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
