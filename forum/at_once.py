"""uvicorn's HTTP protocol, with a short way: a guest's page that is ready goes out as soon as it is asked for.

A task, the layers around requests and uvicorn's look at each header take several times what is left without them. What
they do is done here too: the page is counted and logged, and carries the headers that the layers gave it; whatever is
not plain (a cookie, a body, another request still being answered) goes the ordinary way. It leans on uvicorn's insides:
`short_way_holds` tries them at start.
"""

from time import perf_counter

from starlette.types import Scope
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from forum.ready_pages import PREFIX
from forum.timeouts import TimedProtocol
from forum.watching import new_request_id, note

BEGINS = PREFIX.encode()
NOT_PLAIN = {b"cookie", b"content-length", b"transfer-encoding", b"expect", b"upgrade"}
USED = ("on_headers_complete", "on_message_complete", "on_response_complete", "_unset_keepalive_if_required")


def short_way_holds() -> bool:
    """Whether uvicorn's protocol still has all that is used here."""
    return all(callable(getattr(HttpToolsProtocol, name, None)) for name in USED)


class AtOnceProtocol(TimedProtocol):
    """Answers with what is ready, else has the app answer."""

    _answered = False

    def on_headers_complete(self) -> None:
        """All that is asked is known."""
        self.end_head()
        self._answered = self.url.startswith(BEGINS) and self._is_plain() and self._answer()
        if not self._answered:
            self._unset_keepalive_if_required()  # which the answer to one sent together with this has set
            super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Of a request that is answered nobody waits for more."""
        if self._answered:
            self._allow(None)
        else:
            super().on_message_complete()

    def _is_plain(self) -> bool:
        """Whether it asks for a page and nothing else, and can be answered in its turn."""
        before: RequestResponseCycle | None = self.cycle
        return (
            self.parser.get_method() == b"GET"
            and self.parser.get_http_version() == "1.1"
            and self.parser.should_keep_alive()
            and (before is None or before.response_complete)
            and not (self.transport.get_write_buffer_size() or self.transport.is_closing())
            and NOT_PLAIN.isdisjoint(name for name, _value in self.headers)
            and len(self.connections) < (self.limit_concurrency or 0)
        )

    def _answer(self) -> bool:
        """Send the page if it is ready. Its slug needs no decoding: an address that does is not found among them."""
        began, slug = perf_counter(), self.url[len(BEGINS) :].decode("ascii", "replace")
        ready = self.app.state.ready_pages.at_once(slug, dict(self.headers), self.loop.time())
        if ready is None:
            return False
        answer, route = ready
        said = [STATUS_LINE[answer.status], *(b"%b: %b\r\n" % one for one in self.server_state.default_headers)]
        self.transport.write(b"".join([*said, answer.head, b"\r\n", answer.body]))
        answer.note_sent()
        scope: Scope = {**self.scope, "method": "GET", "path": self.url.decode(), "route": route}
        note(scope, answer.status, len(answer.body), perf_counter() - began, new_request_id())
        self.on_response_complete()
        return True
