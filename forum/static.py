"""Static files: kept for good by browsers where the address holds the content's hash."""

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from forum.resources import STATIC


class _HashedFiles(StaticFiles):
    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        hashed = b"v=" in scope.get("query_string", b"")
        response.headers["cache-control"] = "public, max-age=31536000, immutable" if hashed else "public, max-age=0"
        return response


def static_files() -> StaticFiles:
    """The app that answers under /static."""
    return _HashedFiles(directory=STATIC)
