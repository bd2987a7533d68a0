"""Short words for what people do, each through the same action that the site uses."""

from dataclasses import dataclass, field
from datetime import timedelta

from forum.accounts.actions import Browser, NewAccount, create_account, start_session
from forum.accounts.actor import Actor
from forum.accounts.handles import check_handle
from forum.accounts.queries import account_by_handle
from forum.accounts.sessions import read_viewer
from forum.articles.actions import ArticleText, create_article
from forum.articles.models import DiscussionState, Publication
from forum.articles.queries import published_id
from forum.comments.actions import delete_comment, edit_comment, post_comment
from forum.comments.body import make_body
from forum.comments.checks.models import Response
from forum.comments.models import Comment, State
from forum.comments.voting import vote
from forum.database import Database, Db
from forum.moderation.check_rules import Setting, set_rules
from forum.moderation.word_lists import set_words
from forum.permissions import Role


@dataclass(slots=True)
class World:
    """A site in which things happen. Accounts are named by handle; comments by id."""

    database: Database
    accounts: dict[str, int] = field(default_factory=dict)

    async def account(self, handle: str, role: Role = Role.READER) -> Actor:
        """The account with this handle, made when it is first asked for; it acts without a session."""
        if handle not in self.accounts:
            there = await self.database.read(account_by_handle, handle)
            new = NewAccount(check_handle(handle), handle.capitalize(), role=role)
            self.accounts[handle] = there.id if there else await self.database.write(create_account, new)
        return Actor(self.accounts[handle])

    async def sign_in(self, handle: str, role: Role = Role.READER) -> str:
        """A session of that account: the cookie's token."""
        account = await self.account(handle, role)
        return await self.database.write(
            start_session, account_id=account.account_id, password_hash=None, browser=Browser(), days=30
        )

    async def signed_in(self, handle: str, role: Role = Role.READER) -> Actor:
        """The account acting through a session of its own."""
        viewer = await self.database.read(read_viewer, await self.sign_in(handle, role))
        assert viewer is not None
        return viewer.actor

    async def article(
        self,
        headline: str = "The bridge",
        *,
        discussion: DiscussionState = DiscussionState.OPEN,
        published: bool = True,
    ) -> str:
        """An article; gives its slug."""
        text = ArticleText(
            headline=headline,
            standfirst="It closes.",
            body="It closes.",
            html="<p>It closes.</p>",
            sections=["News"],
            tags=["Bridges"],
            publication=Publication.PUBLISHED if published else Publication.DRAFT,
            discussion=discussion,
        )
        return await self.database.write(create_article, editor=await self.account("eddie", Role.EDITOR), text=text)

    async def post(
        self,
        slug: str,
        body: str = "A comment.",
        *,
        by: str = "nora",
        parent: int | None = None,
        key: str | None = None,
        held: bool = False,
    ) -> int:
        """A comment or reply; gives its id."""
        posted = await self.database.write(
            post_comment,
            author=await self.account(by),
            slug=slug,
            parent_id=parent,
            body=make_body(body),
            key=key,
            state=State.HELD if held else None,
        )
        return posted.comment_id

    async def check(
        self, check: str, response: str, amount: int | None = None, *, section: str = "", article: str = ""
    ) -> None:
        """An admin sets what a check does, on the whole site or somewhere."""
        setting = {check: Setting(Response(response), amount)}
        admin = await self.account("ada", Role.ADMIN)
        await self.database.write(set_rules, admin=admin, settings=setting, section=section, article=article)

    async def words(self, name: str, *entries: str) -> None:
        """An admin writes one of the lists."""
        admin = await self.account("ada", Role.ADMIN)
        await self.database.write(set_words, admin=admin, name=name, entries="\n".join(entries))

    async def edit(self, comment_id: int, body: str, *, by: str = "nora") -> None:
        """Its author changes a comment as it is now."""
        comment = await self.comment(comment_id)
        await self.database.write(
            edit_comment,
            author=await self.account(by),
            comment_id=comment_id,
            body=make_body(body),
            version=comment.version,
            within=timedelta(minutes=15),
        )

    async def delete(self, comment_id: int, *, by: str = "nora") -> None:
        """Its author takes a comment away."""
        await self.database.write(delete_comment, author=await self.account(by), comment_id=comment_id)

    async def recommend(self, comment_id: int, *, by: str, value: bool = True) -> int:
        """Somebody recommends a comment; gives its score."""
        return await self.database.write(vote, voter=await self.account(by), comment_id=comment_id, value=value)

    async def comment(self, comment_id: int) -> Comment:
        """The row as it is now."""
        return await self.database.read(_comment, comment_id)

    async def article_id(self, slug: str) -> int:
        """The id of a published article."""
        found = await self.database.read(published_id, slug)
        assert found is not None
        return found


def _comment(db: Db, comment_id: int) -> Comment:
    comment = db.get(Comment, comment_id)
    assert comment is not None
    return comment
