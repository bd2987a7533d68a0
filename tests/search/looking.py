"""Short words for what somebody looks for, and what they find."""

from dataclasses import dataclass
from datetime import UTC, datetime

from forum.comments.actions import post_comment
from forum.comments.body import make_body
from forum.database import Db
from forum.search.asked import Search
from forum.search.queries import Found, find
from tests.world import World


@dataclass(slots=True)
class Looking:
    """A site that is searched."""

    world: World

    async def find(self, words: str = "", *, viewer: str | None = None, **more: str) -> list[int]:
        """The ids of the comments that are found, in their order, all pages of them."""
        search, ids, after = Search(words, **{"kind": "comments"} | more), list[int](), None
        viewer_id = (await self.world.account(viewer)).account_id if viewer else None
        while True:
            found = await self.world.database.read(find, search, after, viewer_id=viewer_id)
            ids += [one.comment.id for one in found.comments]
            after = found.comment_page.after
            if after is None:
                return ids

    async def look(self, words: str = "", **more: str) -> Found:
        """The first page of what is found."""
        return await self.world.database.read(find, Search(words, **more))

    async def articles(self, words: str = "", **more: str) -> list[str]:
        """The slugs of the articles that are found, on the first page."""
        return [article.slug for article in (await self.look(words, **more)).articles]

    async def post_on(self, day: str, slug: str, body: str, by: str = "nora") -> int:
        """A comment of that day, at noon; gives its id."""
        at = datetime.fromisoformat(day).replace(hour=12, tzinfo=UTC)
        author = await self.world.account(by)

        def post(db: Db) -> int:
            posted = post_comment(db, author=author, slug=slug, parent_id=None, body=make_body(body), at=at)
            return posted.comment_id

        return await self.world.database.write(post)
