"""A real `forum serve` process on a free port, to be stopped, killed and started again on the same data."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from forum.config import Settings

READY_SECONDS = 60
"""For a machine that is busy with the rest of the tests."""


@dataclass
class Server:
    """A site that is being served."""

    settings: Settings
    port: int
    log: Path
    arguments: tuple[str, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)
    process: "subprocess.Popen[bytes] | None" = None
    program: tuple[str, ...] = (sys.executable, "-m", "forum")

    @property
    def url(self) -> str:
        """Where its pages are."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """What makes a command act on the same site."""
        return os.environ | {
            "FORUM_DATA_DIR": str(self.settings.data_dir),
            "FORUM_DATABASE_URL": self.settings.database_url,
            "FORUM_REDIS_URL": self.settings.redis_url,
            "FORUM_LIMITS": self.settings.limits,
            "PYTHONDONTWRITEBYTECODE": "",  # it is started often
            **self.variables,
        }

    def start(self) -> None:
        """Serve, and wait until it answers."""
        command = [*self.program, "serve", "--port", str(self.port), *self.arguments]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log)
        deadline = time.monotonic() + READY_SECONDS
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(f"the server did not start:\n{self.log.read_text()}")
            time.sleep(0.02)

    def stop(self) -> None:
        """End it as a restart does."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(15)

    def kill(self) -> None:
        """End it as a crash does."""
        if self.process:
            self.process.kill()
            self.process.wait(5)

    def command(self, *arguments: str, typed: str = "") -> str:
        """Run a `forum` command beside it; gives what it printed."""
        done = subprocess.run(
            [*self.program, *arguments],
            env=self.environment,
            input=typed,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(done.stdout + done.stderr)
        return done.stdout

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(self.url + "/healthz", timeout=1) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
