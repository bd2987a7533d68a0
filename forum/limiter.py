"""Counts what an address or an account does: in this process, or for all processes in the Redis that they share."""

import asyncio
from collections.abc import Awaitable, Callable
from math import ceil
from time import monotonic, time
from typing import TYPE_CHECKING, TypeVar

import structlog
from limits import RateLimitItem
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter

from forum.config import Settings
from forum.database import CLOCKS_DIFFER
from forum.errors import TooSoon

if TYPE_CHECKING:
    from redis.asyncio import ConnectionPool

T = TypeVar("T")
Allows = Callable[..., Awaitable[bool]]
PATIENCE_SECONDS = 0.5
ASIDE_SECONDS = 5.0
"""A Redis that does not answer is not asked again for so long; every process counts by itself meanwhile."""

log = structlog.get_logger()


class Limiter:
    """Limits by moving windows. A dead Redis makes them looser, never an obstacle."""

    def __init__(self, settings: Settings) -> None:
        self._on = settings.limited
        self._own = MovingWindowRateLimiter(MemoryStorage())
        self._shared: MovingWindowRateLimiter | None = None
        self._shared_again_at = 0.0
        self._pool: ConnectionPool | None = None
        if settings.redis_url:
            self._share(settings.redis_url)

    async def close(self) -> None:
        """Close the connections."""
        if self._pool:
            await self._pool.disconnect()

    async def hit(self, limit: RateLimitItem, *who: str, message: str) -> None:
        """Count one; raise TooSoon with `message` and the seconds to wait where that is one too many."""
        await self._need(MovingWindowRateLimiter.hit, limit, *who, message=message)

    async def check(self, limit: RateLimitItem, *who: str, message: str) -> None:
        """Raise TooSoon where the limit is used up, without counting."""
        await self._need(MovingWindowRateLimiter.test, limit, *who, message=message)

    def _share(self, url: str) -> None:
        from redis.asyncio import ConnectionPool

        self._pool = ConnectionPool.from_url(url)
        storage = RedisStorage(f"async+{url}", implementation="redispy", connection_pool=self._pool)  # type: ignore[arg-type] # it says less than it takes
        self._shared = MovingWindowRateLimiter(storage)

    async def _need(self, allows: Allows, limit: RateLimitItem, *who: str, message: str) -> None:
        """Raise TooSoon unless it is allowed. What was counted before the clock was set back is forgotten."""
        if not self._on or await self._ask(lambda counts: allows(counts, limit, *who)):
            return
        stats = await self._ask(lambda counts: counts.get_window_stats(limit, *who))
        seconds = stats.reset_time - time()
        if seconds <= limit.get_expiry() + CLOCKS_DIFFER.total_seconds():
            raise TooSoon(message, retry_after=max(1, ceil(seconds)))
        await self._ask(lambda counts: counts.clear(limit, *who))
        await self._need(allows, limit, *who, message=message)

    async def _ask(self, question: Callable[[MovingWindowRateLimiter], Awaitable[T]]) -> T:
        if self._shared and monotonic() >= self._shared_again_at:
            try:
                async with asyncio.timeout(PATIENCE_SECONDS):
                    return await question(self._shared)
            except Exception as error:  # noqa: BLE001 - whatever it is, limits must not stop the site
                self._shared_again_at = monotonic() + ASIDE_SECONDS
                log.warning("limits are counted by each process alone", error=repr(error))
        return await question(self._own)
