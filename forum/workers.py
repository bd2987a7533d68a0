"""Several processes on one address: a parent that listens, and workers that serve; one that ends is replaced."""

import os
import signal
import socket
import subprocess
import sys
import time
from tempfile import TemporaryDirectory
from types import FrameType

import structlog
import typer
from prometheus_client.multiprocess import mark_process_dead

COUNTS = "PROMETHEUS_MULTIPROC_DIR"
"""The folder in which the workers count, so that any of them answers /metrics for all."""
RESTART_SECONDS = 1.0
"""Between two starts of a worker: one that cannot start does not fill the log."""
STOP_SECONDS = 30.0

log = structlog.get_logger()


class Workers:
    """A number of worker processes."""

    def __init__(self, host: str, port: int, count: int, counts: str) -> None:
        self._counts = counts
        self._listening = socket.create_server((host, port), backlog=2048, family=_family(host))
        self._processes: list[subprocess.Popen[bytes]] = []
        self._count = count
        self._stopping = False

    def run(self) -> None:
        """Keep them running until a signal ends it."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)
        while not self._stopping:
            ended = [process for process in self._processes if process.poll() is not None]
            for process in ended:
                log.warning("a worker has ended and is replaced", pid=process.pid, code=process.returncode)
                self._processes.remove(process)
                mark_process_dead(process.pid, self._counts)  # type: ignore[no-untyped-call]
            while len(self._processes) < self._count:
                self._processes.append(self._start())
            time.sleep(RESTART_SECONDS if ended else 0.1)
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                log.warning("a worker does not end and is killed", pid=process.pid)
                process.kill()

    def _start(self) -> "subprocess.Popen[bytes]":
        fd = self._listening.fileno()
        parent = str(os.getpid())  # it may be gone before the worker could ask who it was
        command = [sys.executable, "-m", "forum", "serve", "--listening", str(fd), "--parent", parent]
        return subprocess.Popen(command, pass_fds=[fd], env=os.environ | {COUNTS: self._counts})

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True


def serve_with_workers(host: str, port: int, count: int, *, shares: bool) -> None:
    """Serve on an address with `count` processes until a signal ends it."""
    typer.echo(f"Serving on http://{host}:{port} with {count} workers")
    if not shares:
        typer.echo("FORUM_REDIS_URL is not set: what one worker stores reaches the others' pages within a second.")
    with TemporaryDirectory(prefix="forum-counts-") as counts:
        Workers(host, port, count, counts).run()


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
