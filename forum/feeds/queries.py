"""What stands in feeds: the newest articles, and the newest comments of a discussion, a branch, an account."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from gettext import gettext as _

from sqlalchemy import ColumnElement, Select, literal_column, select

from forum.accounts.queries import account_by_handle
from forum.articles.models import Article, ArticleSection, ArticleTag, DiscussionState, Section, Tag
from forum.articles.queries import DISCUSSED, PUBLISHED, published_article, published_article_by_id, section_at
from forum.comments.branches import below
from forum.comments.models import Comment
from forum.comments.projection import PUBLIC, ShownComment, comment_rows, shown_only
from forum.comments.queries import shown_comment
from forum.database import Db
from forum.errors import NotFound
from forum.linked_data import path_to
from forum.site.queries import read_site

ENTRIES = 50
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
VISIBLE = Comment.state == literal_column("'visible'")
"""A literal, so that both databases see that a partial index answers this."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An article or a comment. `lasting` is a path that never changes, whatever its address becomes."""

    lasting: str
    path: str
    title: str
    author: str
    html: str
    published: datetime
    updated: datetime
    author_path: str | None = None
    summary: str = ""
    categories: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Feed:
    """Some entries, the newest first, and the page that shows them; nothing in it is older than `since`."""

    lasting: str
    path: str
    title: str
    entries: Sequence[Entry]
    since: datetime = LONG_AGO


def site_feed(db: Db) -> Feed:
    """The newest articles."""
    return Feed("/", "/", read_site(db).name, _articles(db, select(Article.id).where(PUBLISHED)))


def section_feed(db: Db, slug: str) -> Feed:
    """The newest articles of a section. Raises NotFound."""
    section = section_at(db, slug)
    if section is None:
        raise NotFound(_("There is no such section or tag."))
    placed = select(Article.id).join(ArticleSection, ArticleSection.article_id == Article.id)
    entries = _articles(db, placed.where(PUBLISHED, ArticleSection.section_id == section.id))
    return Feed(f"/sections/{section.id}", path_to("sections", section.slug), section.name, entries)


def article_feed(db: Db, slug: str) -> Feed:
    """The comments on an article that came or changed last. Raises NotFound, also where its discussion is off."""
    article = published_article(db, slug)
    if article is None or article.discussion == DiscussionState.OFF:
        raise NotFound(_("There is no discussion at this address."))
    newest = select(Comment.id).where(Comment.article_id == article.id, VISIBLE).order_by(Comment.version.desc())
    return Feed(
        f"/articles/{article.id}/comments",
        path_to("articles", article.slug),
        _("Comments on “%(headline)s”") % {"headline": article.headline},
        _comments(db, newest),
        article.published_at or LONG_AGO,
    )


def branch_feed(db: Db, comment_id: int) -> Feed:
    """A comment and the newest replies beneath it. Raises NotFound where everybody sees nothing there."""
    top = db.get(Comment, comment_id)
    article = published_article_by_id(db, top.article_id) if top else None
    shown = shown_comment(db, comment_id, PUBLIC) if article and article.discussion != DiscussionState.OFF else None
    if top is None or article is None or shown is None:
        raise NotFound(_("There is no comment at this address. It may have been removed."))
    # By the order in the branch, which is that of time, and stands in the index of its replies.
    beneath = below(shown, VISIBLE, most=ENTRIES, newest_first=True)
    replies = select(Comment.id).where(beneath, Comment.id != comment_id, VISIBLE).order_by(Comment.ordinal.desc())
    own = _entries(db, (Comment.id == comment_id) & VISIBLE)
    return Feed(
        f"/comments/{comment_id}/replies",
        f"/comments/{comment_id}",
        _("Replies to a comment on “%(headline)s”") % {"headline": article.headline},
        [*_comments(db, replies), *own][:ENTRIES],
        top.created_at,
    )


def account_feed(db: Db, handle: str) -> Feed:
    """The newest comments of an account, however its handle is written. Raises NotFound."""
    account = account_by_handle(db, handle)
    if account is None:
        raise NotFound(_("There is no account with this handle."))
    written = select(Comment.id).join(Article, Article.id == Comment.article_id)
    written = written.where(Comment.author_id == account.id, VISIBLE, DISCUSSED)
    return Feed(
        f"/accounts/{account.id}",
        path_to("accounts", account.handle),
        _("Comments by %(name)s") % {"name": account.display_name},
        _comments(db, written.order_by(Comment.created_at.desc(), Comment.id.desc())),
        account.created_at,
    )


def _articles(db: Db, which: Select[int]) -> list[Entry]:
    newest = which.order_by(Article.published_at.desc(), Article.id.desc()).limit(ENTRIES)
    found = db.execute(select(Article).where(Article.id.in_(select(newest.subquery().c.id)))).scalars().all()
    ids = [article.id for article in found]
    placed = select(ArticleSection.article_id, Section.name).join(Section).where(ArticleSection.article_id.in_(ids))
    tagged = select(ArticleTag.article_id, Tag.name).join(Tag).where(ArticleTag.article_id.in_(ids))
    names: defaultdict[int, list[str]] = defaultdict(list)
    for query in (placed.order_by(ArticleSection.position), tagged.order_by(ArticleTag.position)):
        for article_id, name in db.execute(query):
            names[article_id].append(name)
    newest_first = sorted(found, key=lambda article: (article.published_at or LONG_AGO, article.id), reverse=True)
    return [
        Entry(
            lasting=f"/articles/{article.id}",
            path=path_to("articles", article.slug),
            title=article.headline,
            author=article.byline,
            html=article.html,
            summary=article.standfirst,
            published=article.published_at or LONG_AGO,
            updated=article.updated_at,
            categories=names[article.id],
        )
        for article in newest_first
    ]


def _comments(db: Db, newest: Select[int]) -> list[Entry]:
    """The first of them, as everybody may see them."""
    return _entries(db, Comment.id.in_(select(newest.limit(ENTRIES).subquery().c.id)))


def _entries(db: Db, which: ColumnElement[bool]) -> list[Entry]:
    rows = db.execute(comment_rows(which).add_columns(Article.headline)).all()
    headlines = {row.id: row.headline for row in rows}
    entries = [_entry(comment, headlines[comment.id]) for comment in shown_only(rows, PUBLIC)]
    return sorted(entries, key=lambda entry: (entry.published, entry.lasting), reverse=True)


def _entry(comment: ShownComment, headline: str) -> Entry:
    assert comment.author is not None  # noqa: S101 (visible comments alone are asked for)
    said = {"name": comment.author.display_name, "headline": headline}
    return Entry(
        lasting=f"/comments/{comment.id}",
        path=f"/comments/{comment.id}",
        title=_("%(name)s on “%(headline)s”") % said,
        author=comment.author.display_name,
        author_path=path_to("accounts", comment.author.handle),
        html=comment.html,
        published=comment.created_at,
        updated=comment.edited_at or comment.created_at,
    )
