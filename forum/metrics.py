"""Everything that is counted, on one page, and how Prometheus reads it. docs/operations.md says what each number means.

Names of people, addresses, texts and slugs are never labels. Several workers count into files of one folder
(PROMETHEUS_MULTIPROC_DIR, which their parent sets), so whichever of them is asked answers for all.
"""

import os
from collections.abc import Mapping

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

FAST = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
"""Seconds."""

# Requests
REQUESTS = Counter("forum_requests", "Requests answered.", ["route", "status"])
REQUEST_SECONDS = Histogram("forum_request_seconds", "From a request's arrival to its last byte.", buckets=FAST)
REFUSALS = Counter("forum_refusals", "Requests refused with a sentence, by the code of docs/errors.md.", ["code"])
READY_PAGES = Counter(
    "forum_ready_pages",
    "Guests' pages: made, sent as they were kept, or not sent because the browser has them.",
    ["how"],
)
COMMENTS_POSTED = Counter("forum_comments_posted", "Comments and replies stored.")
CHECK_FAILURES = Counter("forum_check_failures", "Comments held because a check could not be made.", ["check"])

# The database
WRITES_WAITING = Gauge(
    "forum_writes_waiting", "Writes that wait for SQLite's writer thread.", multiprocess_mode="livesum"
)
WRITES_PER_COMMIT = Histogram(
    "forum_writes_per_commit", "Writes that SQLite's writer committed together.", buckets=(1, 2, 4, 8, 16, 32, 64)
)
CONNECTIONS_BUSY = Gauge(
    "forum_connections_busy", "Database connections (SQLite: readers) at work.", multiprocess_mode="livesum"
)
CONNECTIONS_LIMIT = Gauge(
    "forum_connections_limit", "Database connections (SQLite: readers) at most.", multiprocess_mode="livesum"
)

# The event loop
LOOP_LAG = Histogram("forum_loop_lag_seconds", "How late the event loop woke a sleeping task.", buckets=FAST)

# Open pages
SOCKETS = Gauge("forum_sockets", "Sockets of open pages.", ["account"], multiprocess_mode="livesum")
MESSAGES_SENT = Counter("forum_messages_sent", "Messages handed to sockets, one for each socket.", ["type"])
BYTES_SENT = Counter("forum_message_bytes_sent", "Bytes of messages handed to sockets.")
CATCH_UPS = Counter("forum_catch_ups", "Times that one page was brought up to date.", ["cause"])
RELOADS = Counter("forum_reloads", "Pages told to fetch their discussion anew.", ["cause"])
PAGES_CUT = Counter("forum_pages_cut", "Sockets that we ended.", ["cause"])
PUSH_LAG = Histogram("forum_push_lag_seconds", "From a commit to its message's first write.", buckets=FAST)
BUS_UP = Gauge("forum_bus_up", "1 while the bus between processes is connected.", multiprocess_mode="livemin")
BUS_MESSAGES = Counter("forum_bus_messages", "Messages over the bus.", ["direction"])

CATCH_UP_CAUSES = ("joined", "asked", "slow", "audience")
"""Opened; asked `since`; drained after it had been too slow; sees what the public does not, by a reading of its own."""
RELOAD_CAUSES = ("too_many", "epoch", "future")
CHECKS = ("banned", "suspect", "links", "hosts", "repeated", "length", "speed", "newcomer", "watched", "removals")
"""As in the catalogue of checks, which lies above this."""
CUT_CAUSES = ("slow", "flood", "full", "bad_message", "signed_out", "banned", "withdrawn", "switched_off", "restart")


def exposition() -> bytes:
    """All numbers in Prometheus' text form."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)


def prepare() -> None:
    """Begin every known series at nothing: what has never happened reads 0, and its first time is seen as a rise."""
    known: Mapping[Counter, tuple[str, ...]] = {
        CHECK_FAILURES: CHECKS,
        CATCH_UPS: CATCH_UP_CAUSES,
        RELOADS: RELOAD_CAUSES,
        PAGES_CUT: CUT_CAUSES,
        READY_PAGES: ("made", "sent", "not_modified"),
        MESSAGES_SENT: ("changes", "heartbeat", "sampled", "reload", "banned"),
        BUS_MESSAGES: ("in", "out"),
    }
    for counter, labels in known.items():
        for label in labels:
            counter.labels(label)
    for account in ("guest", "signed_in"):
        SOCKETS.labels(account)
