"""A backup that is killed beside the running bot: no half copy may have the name of a whole one."""

from __future__ import annotations

import asyncio
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from bench.kills.points import BEFORE, Spot
from bench.kills.proof import Fault
from storage.backups import check_whole
from storage.sqlite import connect_read_only
from storage.transaction import StorageError

if TYPE_CHECKING:
    from bench.kills.run import Trial


async def at_backup(trial: Trial, spot: Spot, target: Path) -> None:
    """Kill `aftercheck backup` at a point, then the bot beside it, and look at what is left."""
    where = f"{spot.point}, {spot.side}"
    life = await trial.starts()
    await trial.starter.polls_now(life)
    words = ["backup", "--output", str(target)]
    copying = await trial.starter.command(words, spot._replace(time=1))
    await copying.is_over()
    if trial.starter.died_at(copying) == where:
        trial.hits[where] += 1
    else:
        trial.faults.append(Fault("other", f"{where}: never came to it"))
    if spot.side == BEFORE:
        if await asyncio.to_thread(target.exists):
            trial.faults.append(Fault("other", f"{where}: a copy is named before it is complete"))
        await (await trial.starter.command(words)).is_over()
    trial.faults += [
        Fault("other", f"{where}: {why}") for why in await asyncio.to_thread(damage, target)
    ]
    await life.ends()
    trial.kills += 2


def damage(copy: Path) -> list[str]:
    """Return what is wrong with a copy."""
    try:
        with closing(connect_read_only(copy)) as connection:
            check_whole(connection)
    except StorageError as error:
        return [str(error)]
    return []
