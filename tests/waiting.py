"""Waiting for what is expected, with a limit."""

import asyncio
from collections.abc import Callable


async def until(holds: Callable[[], bool], seconds: float = 5) -> None:
    """Wait until the condition holds; a TimeoutError where that takes longer."""
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 - what is waited for happens outside, and sets no event
            await asyncio.sleep(0.005)
