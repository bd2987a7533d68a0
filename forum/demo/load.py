"""Puts the demo site into an empty database, through the same actions as everything else."""

import asyncio
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from gettext import gettext as _
from random import Random

from rich.progress import MofNCompleteColumn, Progress, track
from sqlalchemy import insert, select, update

from forum.accounts.actions import NewAccount, create_account
from forum.accounts.actor import Actor
from forum.accounts.handles import check_handle
from forum.accounts.models import Account
from forum.accounts.passwords import Passwords
from forum.articles.actions import ArticleText, StoredImage, create_article
from forum.articles.models import Article, DiscussionState, Publication
from forum.articles.pictures import WIDTHS
from forum.comments.actions import post_comment
from forum.comments.body import make_body
from forum.comments.models import Comment, Vote
from forum.config import Settings
from forum.database import Database, Db, now
from forum.demo.content import DemoArticle, DemoComment, articles, people
from forum.demo.filling import Crowd, fill_discussion, texts_about
from forum.demo.pictures import draw
from forum.demo.shape import lively, shape_of
from forum.demo.talk import GeneratedComment, more_comments
from forum.demo.waiting import load_waiting
from forum.images import reencode, store
from forum.markup import render_article
from forum.permissions import Role
from forum.site.actions import describe_site

SEED = 1851
LARGEST, FURTHER = 1500, 2700
"""Comments of the largest discussion, and made-up comments in all, beside those written by hand."""

SHARE_OF_TIME_MADE_UP = 0.6
PICTURES_AT_ONCE = 2

SITE = {
    "name": "The Harbour Post",
    "appeal_text": "This reporting is paid for by its readers. The Harbour Post has no owner but a foundation and "
    "no paywall. If you can, keep it that way.",
    "appeal_button": "Support us",
    "appeal_link": "https://example.org/support",
    "rules": "We publish what argues, asks, corrects and tells. We remove what attacks a person, holds a group of "
    "people in contempt, advertises, or gives away somebody’s private details.\n\n"
    "- Answer the argument, not the person.\n- Say where you have it from.\n- Stay with the article.\n\n"
    "Who breaks the rules again and again is banned, for a while or for good.",
    "footer_links": [["About us", "https://example.org/about"], ["Privacy", "https://example.org/privacy"]],
}


@dataclass(frozen=True, slots=True)
class Line:
    """A comment to be posted, whoever made it up."""

    ref: str
    parent: str | None
    by: str
    at: datetime
    body: str
    votes: int


async def load_demo(database: Database, settings: Settings, crowd: int = 0) -> str | None:
    """Load the demo, with so many comments more in its largest discussion.

    Gives the admin's password, or None where the database is not empty.
    """
    if not await database.read(_is_empty):
        return None
    password = secrets.token_urlsafe(9)
    hashed = await Passwords().hash(password)
    accounts = await database.write(_load_people, admin_hash=hashed)
    await database.write(describe_site, SITE)
    rng = Random(SEED)  # noqa: S311 - the same demo every time
    stories = articles()
    places = asyncio.Semaphore(PICTURES_AT_ONCE)
    pictures = {story.slug: asyncio.create_task(_picture(story, settings, places)) for story in stories}
    for story in track(stories, "Loading the demo"):
        share = LARGEST if story is stories[0] else (FURTHER - LARGEST) // (len(stories) - 1)
        lines = list(lines_of(story, rng, share))
        await database.write(_load_article, story, await pictures[story.slug], accounts, lines)
    await database.write(load_waiting, accounts=accounts)
    if crowd:
        readers = sorted(accounts[person.handle] for person in people() if person.role == Role.READER)
        await database.write(_draw_a_crowd, stories[0], crowd, readers)
    return password


def _draw_a_crowd(db: Db, story: DemoArticle, count: int, authors: list[int]) -> None:
    """Add `count` comments to that story's discussion, telling how far it is."""
    rng = Random(SEED)  # noqa: S311 - likewise
    shape = shape_of(lively(count, rng))
    done = fill_discussion(db, story.slug, shape, Crowd(authors, texts_about(story, rng), rng))
    with Progress(*Progress.get_default_columns(), MofNCompleteColumn()) as progress:
        task = progress.add_task(_("Writing comments"), total=count)
        for written in done:
            progress.advance(task, written)


def _is_empty(db: Db) -> bool:
    return db.execute(select(Account.id).limit(1)).first() is None


def _load_people(db: Db, *, admin_hash: str) -> dict[str, int]:
    """The admin, and two hundred accounts that nobody can sign in to."""
    admin = NewAccount(check_handle("admin", reserved=True), "The admin", None, admin_hash, Role.ADMIN)
    accounts = {"admin": create_account(db, admin)}
    for person in people():
        handle = check_handle(person.handle, reserved=True)
        accounts[person.handle] = create_account(db, NewAccount(handle, person.display_name, role=Role(person.role)))
    return accounts


async def _picture(story: DemoArticle, settings: Settings, places: asyncio.Semaphore) -> StoredImage:
    async with places:
        encoded = await reencode(await asyncio.to_thread(draw, story.slug), widths=WIDTHS, seconds=60)
    key = store(settings.uploads, encoded)
    return StoredImage(key, encoded.width, encoded.height)


def lines_of(story: DemoArticle, rng: Random, share: int) -> Iterator[Line]:
    """Every comment of the story in the order of time: those written by hand come last, so newest first they lead."""
    if story.comments == "off":
        return
    start, end = now() - timedelta(hours=story.published), now() - timedelta(minutes=2)
    turn = start + (end - start) * SHARE_OF_TIME_MADE_UP
    made = [(f"#{one.ref}", f"#{one.parent}" if one.parent else None, one) for one in more_comments(story, rng, share)]
    written = [(one.ref, one.parent, one) for one in story.discussion]
    yield from _spread(made, start, turn)
    yield from _spread(written, turn, end)


def _spread(
    comments: Sequence[tuple[str, str | None, GeneratedComment | DemoComment]], start: datetime, end: datetime
) -> Iterator[Line]:
    """The comments between two moments, as far apart from each other as their minutes say."""
    last = max((one.minutes for _ref, _parent, one in comments), default=1)
    for ref, parent, one in sorted(comments, key=lambda row: row[2].minutes):
        yield Line(ref, parent, one.by, start + (end - start) * (one.minutes / last), one.body, one.votes)


def _load_article(db: Db, story: DemoArticle, image: StoredImage, accounts: dict[str, int], lines: list[Line]) -> None:
    bylines = {person.display_name: person.handle for person in people() if person.role == "editor"}
    text = ArticleText(
        headline=story.headline,
        standfirst=story.standfirst,
        body=story.body,
        html=render_article(story.body),
        sections=story.sections,
        tags=story.tags,
        byline=story.byline or "",
        edited_by=story.edited_by or "",
        image=image,
        alt=story.alt,
        caption=story.caption,
        credit=story.credit,
        appeal=story.appeal,
        publication=Publication.PUBLISHED,
        published_at=now() - timedelta(hours=story.published),
        author_id=accounts.get(bylines.get(story.byline or "", "")),
    )
    slug = create_article(db, editor=Actor(accounts["admin"]), text=text, slug=story.slug)
    posted: dict[str, int] = {}
    voters = sorted(accounts.values())
    for line in lines:
        posted[line.ref] = post_comment(
            db,
            author=Actor(accounts[line.by]),
            slug=slug,
            parent_id=posted[line.parent] if line.parent else None,
            body=make_body(line.body),
            at=line.at,
        ).comment_id
        _recommend(db, posted[line.ref], accounts[line.by], voters, line.votes)
    db.execute(update(Article).where(Article.slug == slug).values(discussion=DiscussionState(story.comments)))


def _recommend(db: Db, comment_id: int, author_id: int, voters: list[int], votes: int) -> None:
    """As many votes as the demo says, each of an account of its own."""
    others = [voter for voter in voters if voter != author_id]
    chosen = Random(comment_id).sample(others, min(votes, len(others)))  # noqa: S311 - likewise
    if chosen:
        db.execute(insert(Vote), [{"account_id": voter, "comment_id": comment_id} for voter in chosen])
        db.execute(update(Comment).where(Comment.id == comment_id).values(score=len(chosen)))
