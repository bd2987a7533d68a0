"""Programs of the bench that obey lines on their standard input: built on the spot, asked for JSON."""

import asyncio
import json
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def compiled(name: str, folder: Path) -> Path | None:
    """A C program of the bench, built into a temporary folder; None where there is no compiler."""
    compiler = shutil.which("cc")
    built = folder / name
    if compiler and not built.exists():
        subprocess.run([compiler, "-O2", "-o", str(built), str(HERE / f"{name}.c")], check=True)
    return built if compiler else None


@dataclass(slots=True)
class Program:
    """A running program."""

    process: asyncio.subprocess.Process

    @property
    def pid(self) -> int:
        """Its process."""
        return self.process.pid

    async def ask(self, line: str) -> dict[str, Any]:
        """Give it a command; its answer."""
        assert self.process.stdin
        self.process.stdin.write(line.encode() + b"\n")
        return await self.answer()

    async def answer(self) -> dict[str, Any]:
        """The next line that it says."""
        assert self.process.stdout
        line = await self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"a program of the bench has ended with {await self.process.wait()}")
        said: dict[str, Any] = json.loads(line)
        if "error" in said:
            raise RuntimeError(said["error"])
        return said


@asynccontextmanager
async def running(*command: str) -> AsyncIterator[Program]:
    """Run a program until the end of the block."""
    process = await asyncio.create_subprocess_exec(
        *command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=2**20
    )
    try:
        yield Program(process)
    finally:
        if process.stdin:
            process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), 5)
        except TimeoutError:
            process.kill()
            await process.wait()


def python(*arguments: str) -> tuple[str, ...]:
    """The command that runs a module of the bench."""
    return (sys.executable, "-m", *arguments)
