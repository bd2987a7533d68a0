"""What is read to answer a search: what everybody may read, newest or best first, a page at a time."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, select, true

from forum.articles.models import Article, ArticleSection, DiscussionState, Section
from forum.articles.queries import DISCUSSED, PUBLISHED, sections_of
from forum.comments.models import Comment
from forum.comments.projection import Audience, ShownComment, comment_rows, counted_for, shown_only
from forum.comments.shadow import counted_by_article
from forum.database import Db
from forum.fulltext.index import Index, articles_in, comments_in
from forum.fulltext.places import Match, Wanted, row_of
from forum.markup import plain_text
from forum.search.asked import ARTICLES, BEST, COMMENTS, Search, wanted_of
from forum.search.own import own_matches
from forum.search.snippets import Snippet, Snippets, looked_for, marked

PAGE, FEW = 20, 5
"""Results on a page, and articles above a page of comments."""
SOME, LOOKED_AT = 60, 5_000
"""So many matches are looked at, and so many more until a page is full: not everybody may read all of them any more."""
RANKED = 5_000
"""The best matches are the best of so many of the newest: ranking all takes the longer the more often a word comes."""


@dataclass(frozen=True, slots=True)
class FoundArticle:
    """An article that has what was looked for."""

    slug: str
    headline: Snippet
    text: Snippet
    section: Section
    published_at: datetime | None
    comment_count: int


@dataclass(frozen=True, slots=True)
class FoundComment:
    """A comment that has what was looked for, and its article."""

    comment: ShownComment
    text: Snippet
    article_slug: str
    article_headline: str


@dataclass(frozen=True, slots=True)
class Page:
    """The rows of a page, in order, and after which match the next one begins, if there is one.

    There may be one though this page is not full: so many matches have been looked at that the rest is left for it.
    """

    ids: list[int] = field(default_factory=list)
    after: Match | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """An answer: some articles, some comments, and how each goes on."""

    articles: Sequence[FoundArticle] = ()
    comments: Sequence[FoundComment] = ()
    article_page: Page = Page()
    comment_page: Page = Page()


def find(db: Db, search: Search, after: Match | None = None, *, viewer_id: int | None = None) -> Found:
    """What that viewer may read of what is looked for, a page of it. Raises Invalid."""
    wanted, section_id = wanted_of(db, search)
    audience, snippets = Audience(viewer_id), Snippets(looked_for(search.parts))
    kind = search.kind or (COMMENTS if after else "")
    articles = comments = Page()
    if kind != COMMENTS:
        articles = _page(
            _portions(db, articles_in(db), search.sort, wanted, after=after),
            lambda ids: _readable_articles(db, ids, section_id),
            PAGE if kind == ARTICLES else FEW,
        )
    if kind != ARTICLES:
        own = own_matches(db, viewer_id, wanted) if viewer_id else []
        comments = _page(
            _portions(db, comments_in(db), search.sort, wanted, after=after, own=own),
            lambda ids: _readable_comments(db, ids, section_id, audience),
            PAGE,
        )
    found = _comments(db, comments.ids, snippets, audience)
    return Found(_articles(db, articles.ids, snippets, viewer_id), found, articles, comments)


def _portions(
    db: Db, index: Index, sort: str, wanted: Wanted, *, after: Match | None, own: Sequence[Match] = ()
) -> Iterator[list[Match]]:
    """Matches behind `after`, in order, more at a time the more are asked for; `own` are matches beside the index."""
    if sort == BEST:
        ranked = sorted([*own, *index.newest(db, wanted, RANKED, ranked=True)], reverse=True)
        behind = [match for match in ranked if after is None or match < after]
        yield from (behind[:SOME], behind[SOME:])
        return
    below = min(wanted.below, after.place) if after else wanted.below
    for size in (SOME, LOOKED_AT - SOME):
        portion = index.newest(db, replace(wanted, below=below), size)
        is_last = len(portion) < size
        lowest = wanted.since if is_last else portion[-1].place
        yield sorted([*portion, *(match for match in own if lowest <= match.place < below)], reverse=True)
        if is_last:
            return
        below = lowest


def _page(portions: Iterator[list[Match]], readable: Callable[[Collection[int]], set[int]], most: int) -> Page:
    """The first so many matches that the viewer may read."""
    shown: list[Match] = []
    looked_at: list[Match] = []
    for portion in portions:
        there = readable([row_of(match.place) for match in portion])
        shown += [match for match in portion if row_of(match.place) in there]
        looked_at += portion
        if len(shown) > most:
            return Page([row_of(match.place) for match in shown[:most]], shown[most - 1])
    cut = len(looked_at) >= LOOKED_AT and not looked_at[0].rank
    return Page([row_of(match.place) for match in shown], looked_at[-1] if cut else None)


def _readable_articles(db: Db, ids: Collection[int], section_id: int | None) -> set[int]:
    """Those of these articles that everybody may read, and that stand in the section."""
    return set(db.execute(select(Article.id).where(Article.id.in_(ids), PUBLISHED, _stands_in(section_id))).scalars())


def _readable_comments(db: Db, ids: Collection[int], section_id: int | None, audience: Audience) -> set[int]:
    """Those of these comments that are visible to the viewer, under articles that stand in the section."""
    # Two questions: of one, SQLite would make a walk through all comments of the article.
    visible = select(Comment.id, Comment.article_id).where(Comment.id.in_(ids), counted_for(audience))
    article_of = {row.id: row.article_id for row in db.execute(visible)}
    query = select(Article.id).where(Article.id.in_(set(article_of.values())), DISCUSSED, _stands_in(section_id))
    there = set(db.execute(query).scalars())
    return {number for number, article_id in article_of.items() if article_id in there}


def _stands_in(section_id: int | None) -> ColumnElement[bool]:
    if section_id is None:
        return true()
    return Article.id.in_(select(ArticleSection.article_id).where(ArticleSection.section_id == section_id))


def _articles(db: Db, ids: Sequence[int], snippets: Snippets, viewer_id: int | None) -> list[FoundArticle]:
    rows = db.execute(select(Article).where(Article.id.in_(ids))).scalars()
    there, placed = {article.id: article for article in rows}, sections_of(db, ids)
    own = counted_by_article(db, viewer_id) if viewer_id and ids else {}
    return [_found_article(there[number], placed[number][0], snippets, own) for number in ids]


def _found_article(
    article: Article, section: Section, snippets: Snippets, own_comments: Mapping[str, int]
) -> FoundArticle:
    headline = marked(article.headline, snippets.phrases)
    text = snippets.of(f"{article.standfirst} {plain_text(article.html)}".strip())
    there = article.comment_count + own_comments.get(article.slug, 0)
    count = there if article.discussion != DiscussionState.OFF else 0
    return FoundArticle(article.slug, headline, text, section, article.published_at, count)


def _comments(db: Db, ids: Sequence[int], snippets: Snippets, audience: Audience) -> list[FoundComment]:
    query = comment_rows(Comment.id.in_(ids)).add_columns(Article.slug, Article.headline)
    rows: dict[int, Row[Any]] = {row.id: row for row in db.execute(query)}
    shown = shown_only((rows[number] for number in ids), audience)
    return [
        FoundComment(one, snippets.of(plain_text(one.html)), rows[one.id].slug, rows[one.id].headline) for one in shown
    ]
