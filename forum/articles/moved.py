"""The way from an address that an article had to the one that it has: of pages, and of forms that open pages send."""

from collections.abc import Awaitable, Callable
from functools import wraps
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from forum.articles.slugs import current_slug
from forum.errors import NotFound

View = Callable[[Request], Awaitable[Response]]


def moved(view: View) -> View:
    """For a view of an article: where it finds none, whoever asks is led on to where the article is now.

    Not to be remembered without asking: an article may go back to an address that it had.
    """

    @wraps(view)
    async def following(request: Request) -> Response:
        try:
            return await view(request)
        except NotFound:
            former: str = request.path_params["slug"]
            slug = await request.app.state.database.read(current_slug, former)
            if slug is None:
                raise
            tail = request.scope["path"].removeprefix(f"/articles/{former}")
            query = f"?{request.url.query}" if request.url.query else ""
            # With 308 a browser sends the form once more, as it was.
            status = 308 if request.method == "POST" else 301
            return RedirectResponse(f"/articles/{quote(slug)}{tail}{query}", status, {"cache-control": "no-cache"})

    return following
