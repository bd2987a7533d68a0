"""Makes the demo's readers post over HTTP, as browsers do, so that one can watch an open page."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from random import SystemRandom
from urllib.error import HTTPError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

import typer
from sqlalchemy import select

from forum.accounts.actions import Browser, start_session
from forum.accounts.models import Account
from forum.accounts.sessions import cookie_name
from forum.articles.models import Article
from forum.comments.models import Comment, State
from forum.config import Settings
from forum.database import Database, Db
from forum.demo.content import DemoArticle, articles
from forum.demo.talk import more_comments

PAUSE = 1.0, 6.0
"""Seconds between two posts."""


@dataclass(frozen=True, slots=True)
class _Post:
    """Something to be said, by whom, where, and in answer to what."""

    slug: str
    parent: int | None
    body: str
    token: str


async def post_for_ever(database: Database, settings: Settings, url: str) -> None:
    """Post until interrupted; each of the open discussions gets its share."""
    rng = SystemRandom()
    open_ones = [story for story in articles() if story.comments == "open"]
    talks = {story.slug: _talk(story, rng) for story in open_ones}
    while True:
        story = rng.choice(open_ones)
        post = await database.write(_prepare, slug=story.slug, body=next(talks[story.slug]), rng=rng)
        if post:
            typer.echo(await asyncio.to_thread(_send, post, settings, url))
        await asyncio.sleep(rng.uniform(*PAUSE))


def _talk(story: DemoArticle, rng: SystemRandom) -> Iterator[str]:
    while True:
        yield from (comment.body for comment in more_comments(story, rng, 50))


def _prepare(db: Db, *, slug: str, body: str, rng: SystemRandom) -> _Post | None:
    """Choose who says it, and what it answers; None where it has been said before."""
    article = db.execute(select(Article).where(Article.slug == slug)).scalar_one_or_none()
    if (
        article is None
        or db.execute(select(Comment.id).where(Comment.article_id == article.id, Comment.body == body)).first()
    ):
        return None
    writers = select(Account).where(Account.password_hash.is_(None), Account.banned_at.is_(None))
    writer = rng.choice(db.execute(writers).scalars().all())
    latest = select(Comment.id).where(Comment.article_id == article.id, Comment.state == State.VISIBLE)
    answered = db.execute(latest.order_by(Comment.id.desc()).limit(30)).scalars().all()
    parent = rng.choice(answered) if answered and rng.random() < 0.7 else None
    token = start_session(db, account_id=writer.id, password_hash=None, browser=Browser("the demo"), days=1)
    return _Post(slug, parent, body, token)


def _send(post: _Post, settings: Settings, url: str) -> str:
    """Post the form as a browser does; a line that says what came of it."""
    form = urlencode({"body": post.body, "parent": post.parent or ""}).encode()
    request = Request(  # noqa: S310 - the address is the person's own
        f"{url}/articles/{quote(post.slug)}/comments",
        data=form,
        headers={"Cookie": f"{cookie_name(settings)}={post.token}", "Accept": "application/json"},
    )
    try:
        with urlopen(request, timeout=10) as answer:  # noqa: S310
            return f"{answer.status} {post.slug}: {post.body[:60]!r}"
    except HTTPError as error:
        return f"{error.code} {post.slug}: {error.reason}"
