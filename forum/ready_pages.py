"""Articles' pages for guests, kept ready: made once for each state of the discussion, answered ahead of the framework.

A page is kept under the address that it is asked by, and goes out again while nothing that it shows has changed
(`Shown`, one small question to the database). One is made anew at a time; whoever asks meanwhile gets the one before,
and the socket makes up the difference. What this process has committed is seen at once, what another has, after
`TRUSTED_SECONDS` (`forum/kept_pages.py`).
"""

import asyncio
from urllib.parse import parse_qsl, urlencode

from sqlalchemy.exc import OperationalError
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from forum.accounts.sessions import session_token
from forum.articles.queries import Shown, what_is_shown
from forum.errors import Busy
from forum.kept_pages import Address, Kept, KeptPages
from forum.metrics import READY_PAGES
from forum.visitor import FOR_ALL

SHARE = 10
"""A page is made anew only after so many times the time that making it took: at most a tenth of the processor."""
LONGEST_WAIT = 1.0
"""But for no longer than this is it put off, however busy the machine was: who asked waits, others read an old page."""
ASKED_BY = ("sort", "show", "after")
"""The parts of a query that a kept page may differ by; an address with any other goes past."""
PREFIX = "/articles/"

_MADE = READY_PAGES.labels("made")


class ReadyPages:
    """The layer ahead of the framework."""

    def __init__(self, app: ASGIApp, pages: KeptPages) -> None:
        self._app = app
        self._pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with a page that is ready, or pass the request on."""
        address = _address(scope) if self._pages.most_bytes else None
        kept = await self._find(address, scope) if address else None
        if kept is None:
            await self._app(scope, receive, send)
        else:
            await self._answer(kept, scope, send)

    async def _find(self, address: Address, scope: Scope) -> Kept | None:
        """The page as it is now, or as it was a moment ago while others wait for a newer one."""
        loop, kept, making = asyncio.get_running_loop(), self._pages.get(address), self._pages.making
        if kept and self._pages.holds(address, kept, loop.time()):
            return kept
        task = making.get(address)
        if task is None:
            task = making[address] = loop.create_task(self._renew(address, kept, scope))
            task.add_done_callback(lambda _done: making.pop(address))
        try:
            return await asyncio.shield(task)
        except (Busy, OperationalError):  # what was to be read can be read on, while the database cannot be asked
            return kept

    async def _renew(self, address: Address, kept: Kept | None, scope: Scope) -> Kept | None:
        """Ask whether the page still holds; make it anew where it does not."""
        loop, database = asyncio.get_running_loop(), scope["app"].state.database
        asked_at = loop.time()
        shown = await database.read(what_is_shown, address[0])
        if shown and kept and kept.is_as_shown(shown, asked_at):
            self._pages.trust(address, kept, asked_at)
            return kept
        if kept:
            put_off = kept.made_at + SHARE * kept.took - loop.time()
            await asyncio.sleep(min(max(0.0, put_off), LONGEST_WAIT))
            asked_at = loop.time()
            shown = await database.read(what_is_shown, address[0])
        made = await self._make(address, shown, asked_at, scope) if shown else None
        self._pages.put(address, made)
        return made

    async def _make(self, address: Address, shown: Shown, asked_at: float, scope: Scope) -> Kept | None:
        """Have the framework make the page as for any guest, not compressed; None where it may not be kept.

        What it shows is at least as new as `shown`, so nothing is kept for longer than it holds.
        """
        began = asyncio.get_running_loop().time()
        asked = _as_any_guest(scope, address)
        said: list[Message] = []

        async def listen(message: Message) -> None:
            said.append(message)

        await self._app(asked, _nothing_more, listen)
        headers: list[tuple[bytes, bytes]] = said[0]["headers"]
        if said[0]["status"] != 200 or Headers(raw=headers).get("cache-control") != FOR_ALL:
            return None
        _MADE.inc()
        body = b"".join(message.get("body", b"") for message in said[1:])
        took = asyncio.get_running_loop().time() - began
        kept_headers = [(name, value) for name, value in headers if name not in (b"content-length", b"vary")]
        return Kept(shown, body, kept_headers, asked.get("route"), began, took, asked_at)

    async def _answer(self, kept: Kept, scope: Scope, send: Send) -> None:
        scope["route"] = kept.route
        asked = dict(scope["headers"])
        answer = kept.answer(asked) or await self._pages.encode(kept, asked)
        answer.note_sent()
        body = b"" if scope["method"] == "HEAD" else answer.body
        await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
        await send({"type": "http.response.body", "body": body})


def _address(scope: Scope) -> Address | None:
    """Where a guest asks for an article's page in a way that one may be kept for; else None."""
    if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD") or not scope["path"].startswith(PREFIX):
        return None
    slug: str = scope["path"].removeprefix(PREFIX)
    if not slug or "/" in slug or "\0" in slug or (_has_cookies(scope) and session_token(HTTPConnection(scope))):
        return None
    if not scope["query_string"]:
        return slug, ""
    query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    asked = dict(query)
    if len(asked) != len(query) or not asked.keys() <= set(ASKED_BY):
        return None
    return slug, urlencode([(name, asked[name]) for name in ASKED_BY if name in asked])


def _has_cookies(scope: Scope) -> bool:
    return any(name == b"cookie" for name, _value in scope["headers"])


def _as_any_guest(scope: Scope, address: Address) -> Scope:
    """The same request as from anybody: without cookies, and without what the browser has or takes."""
    headers = [(b"host", Headers(scope=scope).get("host", "").encode("latin-1"))]
    query = address[1].encode("latin-1")
    return {**scope, "method": "GET", "query_string": query, "headers": headers, "state": dict(scope.get("state", {}))}


async def _nothing_more() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}
