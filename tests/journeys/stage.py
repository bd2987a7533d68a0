"""A served site and its people, acted on from a test that is not asynchronous, as a browser's tests are."""

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any, TypeVar

import httpx2

from forum.accounts.actions import end_other_sessions, promote
from forum.articles.actions import ArticleText, update_article
from forum.articles.queries import published_article
from forum.config import Settings
from forum.database import open_database
from forum.permissions import Role
from tests.server import Server, free_port
from tests.world import World

T = TypeVar("T")
PATIENCE = 20
"""Seconds that one act may take."""


class Stage:
    """The site. What people do goes over HTTP, so that open pages hear of it at once."""

    def __init__(self, settings: Settings) -> None:
        self.server = Server(settings, free_port(), settings.data_dir / "server.log")
        self.server.start()
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever)
        self._thread.start()
        self.world = World(open_database(settings))
        self._tokens: dict[str, str] = {}
        self._http = httpx2.Client(timeout=PATIENCE, headers={"Accept": "application/json"})

    @property
    def url(self) -> str:
        """Where its pages are."""
        return self.server.url

    def run(self, act: Coroutine[Any, Any, T]) -> T:
        """What the world does, waited for: `stage.run(stage.world.post(…))` needs no server."""
        return asyncio.run_coroutine_threadsafe(act, self._loop).result(PATIENCE)

    def close(self) -> None:
        """End the site."""
        self._http.close()
        self.run(self.world.database.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE)
        self._loop.close()
        self.server.stop()

    @contextmanager
    def down(self, *, killed: bool) -> Iterator[None]:
        """While the site is not served: killed as by a crash, or stopped as for a restart."""
        if killed:
            self.server.kill()
        else:
            self.server.stop()
        try:
            yield
        finally:
            self.server.start()

    def register(self, handle: str, password: str, role: Role = Role.READER) -> None:
        """An account that can sign in with a password."""
        fields = {"handle": handle, "display_name": handle.capitalize(), "password": password}
        answer = self._http.post(self.url + "/register", data=fields, headers={"Accept": "text/html"})
        assert answer.status_code == 303, answer.text
        self._tokens[handle] = answer.cookies["forum"]
        self._http.cookies.clear()
        self.run(self.world.database.write(promote, handle_folded=handle, role=role))

    def sign_out(self, handle: str) -> None:
        """End all sessions of an account, as another window of the same browser does."""
        actor = self.run(self.world.account(handle))
        self.run(self.world.database.write(end_other_sessions, actor=actor))

    def rename(self, handle: str, display_name: str) -> None:
        """Somebody takes another name."""
        self._send(handle, "/settings/profile", {"display_name": display_name})

    def unpublish(self, slug: str) -> None:
        """Take an article back."""
        text = ArticleText(headline="Taken back", standfirst="", body="", html="", sections=["News"])
        editor = self.run(self.world.account("eddie", Role.EDITOR))
        self.run(self.world.database.write(update_article, editor=editor, slug=slug, text=text))

    def article(self, headline: str = "The bridge") -> str:
        """A published article with an open discussion; gives its slug."""
        return self.run(self.world.article(headline))

    def sign_in(self, handle: str, role: Role = Role.READER) -> str:
        """A session for the account with this handle: the cookie's value."""
        return self.run(self.world.sign_in(handle, role))

    def post(self, slug: str, body: str, *, by: str = "nora", parent: int | None = None) -> int:
        """A comment or reply; gives its id."""
        fields = {"body": body, "parent": "" if parent is None else str(parent)}
        answer = self._send(by, f"/articles/{slug}/comments", fields)
        return int(answer["id"])

    def version(self, slug: str) -> int:
        """The version that the article's discussion has reached."""
        article = self.run(self.world.database.read(published_article, slug))
        assert article is not None
        return article.version

    def fill(self, slug: str, comments: int, *, by: str = "nora", parent: int | None = None) -> list[int]:
        """So many comments, or replies to one, before anybody looks; gives their ids."""
        text = "Number {}. It says a thing, then another, and comes to an end that is neither near nor far."
        return [
            self.run(self.world.post(slug, text.format(number), by=by, parent=parent)) for number in range(comments)
        ]

    def edit(self, comment: int, body: str, *, by: str = "nora") -> None:
        """Its author changes a comment as it is now."""
        version = self.run(self.world.comment(comment)).version
        self._send(by, f"/comments/{comment}/edit", {"body": body, "version": str(version)})

    def delete(self, comment: int, *, by: str = "nora") -> None:
        """Its author takes a comment away."""
        self._send(by, f"/comments/{comment}/delete", {})

    def remove(self, comment: int, *, reason: str = "attack") -> None:
        """A moderator takes a comment away."""
        self._send("mona", f"/comments/{comment}/remove", {"reason": reason}, Role.MODERATOR)

    def restore(self, comment: int) -> None:
        """A moderator brings it back."""
        self._send("mona", f"/comments/{comment}/restore", {}, Role.MODERATOR)

    def report(self, comment: int, *, by: str, note: str = "") -> None:
        """Somebody tells the moderators of a comment."""
        self._send(by, f"/comments/{comment}/report", {"reason": "attack", "note": note})

    def appeal(self, comment: int, text: str, *, by: str) -> None:
        """Its author asks the moderators to look at a hidden comment again."""
        self._send(by, f"/comments/{comment}/appeal", {"text": text})

    def ban(self, handle: str, reason: str = "Insults.", *, remove: str = "none") -> None:
        """A moderator bans an account for good; `remove`: none, day or all of its comments."""
        self._send("mona", f"/accounts/{handle}/ban", {"reason": reason, "remove": remove}, Role.MODERATOR)

    def discussion(self, slug: str, state: str) -> None:
        """A moderator opens or closes a discussion."""
        self._send("mona", f"/articles/{slug}/discussion", {"state": state}, Role.MODERATOR)

    def moderate(self, path: str, **fields: str) -> None:
        """A moderator sets something by a form."""
        self._send("mona", path, fields, Role.MODERATOR)

    def _send(self, by: str, path: str, fields: dict[str, str], role: Role = Role.READER) -> dict[str, Any]:
        if by not in self._tokens:
            self._tokens[by] = self.sign_in(by, role)
        answer = self._http.post(self.url + path, data=fields, headers={"Cookie": f"forum={self._tokens[by]}"})
        assert answer.is_success, f"{path}: {answer.status_code} {answer.text}"
        return dict(answer.json())
