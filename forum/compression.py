"""Which compression a browser takes, and compressing: quickly what is made often, thoroughly what is made once."""

import gzip
from collections.abc import Callable
from functools import lru_cache

import brotli  # type: ignore[import-untyped]
import zstandard

QUICK: dict[str, Callable[[bytes], bytes]] = {
    "zstd": lambda body: zstandard.ZstdCompressor(level=6).compress(body),
    "br": lambda body: brotli.compress(body, quality=5),
    "gzip": lambda body: gzip.compress(body, compresslevel=6),
}
THOROUGH: dict[str, Callable[[bytes], bytes]] = {"br": brotli.compress, "gzip": gzip.compress}
"""As thorough as they can be. In both tables the better one stands first."""
QUICK_NAMES, THOROUGH_NAMES = tuple(QUICK), tuple(THOROUGH)


@lru_cache(256)
def best_encoding(accepted: str, offered: tuple[str, ...]) -> str:
    """The first of `offered` that the header Accept-Encoding names and does not refuse; empty where there is none."""
    named = {}
    for part in accepted.split(","):
        name, _semicolon, quality = part.partition(";")
        named[name.strip().lower()] = quality.replace(" ", "").removeprefix("q=") or "1"
    return next((name for name in offered if named.get(name, "0").strip("0.") != ""), "")
