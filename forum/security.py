"""What guards every request: the origin rule, the headers, the size of forms, and whose address it is."""

from collections.abc import Callable
from gettext import gettext as _
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from forum.config import Settings
from forum.errors import Forbidden, TooLarge

FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "manifest-src 'self'",
    ]
)
FRAMED = {
    "content-security-policy": POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'"),
    "x-frame-options": "SAMEORIGIN",
}
"""For the one page that stands inside another of ours."""
HEADERS = {
    "content-security-policy": POLICY,
    "referrer-policy": "strict-origin-when-cross-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


class SecurityHeaders:
    """Puts the same protective headers on every answer."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        secure = {"strict-transport-security": "max-age=31536000"} if settings.secure else {}
        self._headers = HEADERS | secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add the headers to its answer."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)


class SameOrigin:
    """Refuses forms that another site made the browser send."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on unless it is forged."""
        if scope["type"] == "http" and is_forged(HTTPConnection(scope)):
            raise Forbidden(_("This form came from another site. Go to our page and send it from there."))
        await self._app(scope, receive, send)


def anybody(_viewer: Any) -> bool:
    """Everybody may send a form of that size."""
    return True


class BodyLimit:
    """Refuses a form of more bytes than the settings name, whether or not it says its size beforehand.

    Of those whom `may` does not name already more than `others_bytes` are not read.
    """

    def __init__(self, app: ASGIApp, most_bytes: int, others_bytes: int, may: Callable[[Any], bool] = anybody) -> None:
        self._app = app
        self._most_bytes = most_bytes
        self._others_bytes = others_bytes
        self._may = may

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, counting what comes in."""
        request = HTTPConnection(scope)
        said = request.headers.get("content-length", "")
        may = self._may(request.state.viewer)
        arrived = 0

        async def receive_counted() -> Message:
            nonlocal arrived
            message = await receive()
            arrived += len(message.get("body", b""))
            self._check(arrived, may)
            return message

        self._check(int(said) if said.isascii() and said.isdigit() else 0, may)
        await self._app(scope, receive_counted, send)

    def _check(self, size: int, may: bool) -> None:
        if size > self._most_bytes:
            raise TooLarge(_("This is too large to be sent. Go back: your text is still in the form. Make it shorter."))
        if size > self._others_bytes and not may:
            raise TooLarge(
                _(
                    "You are signed out, or may not send this. Go back: your text is still in the form."
                    " Sign in in another window, then send it again."
                )
            )


def is_forged(connection: HTTPConnection) -> bool:
    """Whether another site may have made the browser send this form.

    `Sec-Fetch-Site` decides where it is present; else `Origin` must be ours. Neither header: not a browser, and no
    browser's cookie can be misused.
    """
    if connection.scope.get("method") in SAFE_METHODS:
        return False
    site = connection.headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = connection.headers.get("origin")
    return origin is not None and not _is_ours(connection, origin)


def is_our_origin(socket: HTTPConnection) -> bool:
    """Whether a page of ours opens this socket; without an Origin only where no cookie comes along."""
    origin = socket.headers.get("origin")
    return "cookie" not in socket.headers if origin is None else _is_ours(socket, origin)


def _is_ours(connection: HTTPConnection, origin: str) -> bool:
    settings: Settings = connection.app.state.settings
    if settings.site_url:
        return origin == settings.site_url
    host = connection.headers.get("host")
    return origin in (f"https://{host}", f"http://{host}")


def client_address(connection: HTTPConnection, settings: Settings) -> str:
    """The address that the request comes from, seen through trusted proxies only; an IPv6 one as its /64."""
    return _grouped(client_host(connection, settings))


def client_host(connection: HTTPConnection, settings: Settings) -> str:
    """The very address that the request comes from, seen through trusted proxies only."""
    peer = connection.client.host if connection.client else "127.0.0.1"
    # Some proxies add a line of their own below the one that the visitor sent.
    forwarded = ",".join(connection.headers.getlist("x-forwarded-for"))
    hops = [peer, *reversed([hop.strip() for hop in forwarded.split(",") if hop.strip()])]
    for position, hop in enumerate(hops):
        try:
            address = unmapped(ip_address(hop))
        except ValueError:
            return hops[max(position - 1, 0)]
        if not any(address in network for network in settings.trusted_proxies):
            return hop
    return hops[-1]


def is_operator(connection: HTTPConnection, settings: Settings) -> bool:
    """Whether whoever runs the site asks: from this machine, or from a network of FORUM_METRICS_NETWORKS.

    What a proxy passed on that is not trusted may come from anywhere, though the proxy is on this machine.
    """
    peer = connection.client.host if connection.client else ""
    host = client_host(connection, settings)
    if host == peer and any(name in connection.headers for name in FORWARDED):
        return False
    try:
        address = unmapped(ip_address(host))
    except ValueError:
        return False
    return address.is_loopback or any(address in network for network in settings.metrics_networks)


def unmapped(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address itself where it comes written as an IPv6 one (::ffff:192.0.2.1)."""
    return getattr(address, "ipv4_mapped", None) or address


def _grouped(text: str) -> str:
    try:
        address = unmapped(ip_address(text))
    except ValueError:
        return "unknown"
    return str(ip_network(f"{address}/64", strict=False)) if address.version == 6 else str(address)
