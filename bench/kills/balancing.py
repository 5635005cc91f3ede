"""What stands between Telegram and several workers: it brings each update to any that answers."""

import time
from random import Random
from types import TracebackType
from typing import Final, Self
from urllib.parse import urlsplit

from aiohttp import ClientError, ClientSession, ClientTimeout

PATIENCE: Final = ClientTimeout(total=1.0)  # seconds; a paused worker does not answer
AVOIDED: Final = 2.0  # seconds, for which nothing more is brought to one that did not answer
NO_CONNECTION: Final = 0


class Balancer:
    """Posts updates to workers at any of these ports of this machine.

    One that was brought to a worker which fell silent is brought to another one as well: the first
    may have it, and may store it when it wakes.
    """

    def __init__(self, ports: list[int], random: Random) -> None:
        self.ports = ports
        self.random = random
        self.avoided = dict.fromkeys(ports, 0.0)
        self.again = 0
        """How many updates were brought to more than one worker."""
        self.session: ClientSession

    async def __aenter__(self) -> Self:
        """Open its connections."""
        self.session = ClientSession(timeout=PATIENCE)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        """Close its connections."""
        await self.session.close()

    async def post(self, url: str, body: bytes, headers: dict[str, str]) -> tuple[int, int]:
        """Bring an update to a worker; as a webhook's `Post`, of the stand-in."""
        now = time.monotonic()
        ports = [port for port in self.ports if self.avoided[port] < now]
        for tried, port in enumerate(self.random.sample(ports, len(ports))):
            address = f"http://127.0.0.1:{port}{urlsplit(url).path}"
            try:
                async with self.session.post(address, data=body, headers=headers) as answer:
                    self.again += bool(tried)
                    return answer.status, 0
            except (ClientError, TimeoutError):
                self.avoided[port] = now + AVOIDED
        return NO_CONNECTION, 0

    async def leads(self, port: int) -> bool:
        """Whether the worker at a port says that it leads."""
        try:
            async with self.session.get(f"http://127.0.0.1:{port}/healthz") as answer:
                return bool((await answer.json()).get("leads"))
        except (ClientError, TimeoutError):
            return False
