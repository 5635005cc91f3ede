"""Tells somebody outside that all is well; nobody hears anything when it is not.

A service that expects the call and calls the clinic when it stays out works also when this machine
does not.

Hazards: H01.
"""

import logging
from typing import Final

from aiohttp import ClientError, ClientSession, ClientTimeout

LOGGER = logging.getLogger(__name__)
PATIENCE: Final = ClientTimeout(total=10)  # seconds


async def beat(url: str) -> bool:
    """Call `url`, if there is one; whether the call was made and heard."""
    if not url:
        return False
    try:
        async with ClientSession(timeout=PATIENCE) as session, session.get(url) as answer:
            return answer.ok
    except (ClientError, TimeoutError) as error:
        LOGGER.warning("the heartbeat was not heard: %s", type(error))
        return False
