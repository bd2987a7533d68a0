"""File descriptors: every open page takes one."""

import resource
from contextlib import suppress
from gettext import gettext as _

import structlog

BESIDE_SOCKETS = 500
"""For the database, files that are being served, and requests."""

log = structlog.get_logger()


def raise_limit(sockets: int) -> int:
    """Raise this process's limit as far as the system allows; gives it, and warns where that is too little."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):  # macOS names a limit that it does not grant
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    if hard != resource.RLIM_INFINITY and hard < sockets + BESIDE_SOCKETS:
        log.warning(
            _("too few file descriptors for the sockets expected: raise the limit (ulimit -Hn, LimitNOFILE)"),
            descriptors=hard,
            sockets=sockets,
        )
    return hard
