"""What the indexes must hold: of each row whether it may be found, where, and by which terms."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from forum.articles.indexing import article_terms
from forum.articles.models import Article, Publication
from forum.comments.indexing import comment_terms
from forum.comments.models import Comment, State
from forum.database import Db
from forum.fulltext.index import ARTICLES, COMMENTS, Index, articles_in, comments_in
from forum.fulltext.places import place_of, row_of

Texts = dict[int, list[str] | None]
"""By its place, which terms a text is found by; None for what must not be found."""


@dataclass(frozen=True, slots=True)
class Source:
    """Whose texts an index holds. `lock` keeps everybody else from changing these rows until the end."""

    index: Callable[[Db], Index]
    model: type[Article | Comment]
    lock: Callable[[Db, Collection[int]], None]
    texts: Callable[[Db, Collection[int]], Texts]

    def rows_after(self, db: Db, row_id: int, limit: int) -> Sequence[int]:
        """The next so many rows."""
        query = select(self.model.id).where(self.model.id > row_id).order_by(self.model.id)
        return db.execute(query.limit(limit)).scalars().all()

    def count(self, db: Db) -> int:
        """How many rows there are."""
        return db.execute(select(func.count()).select_from(self.model)).scalar_one()

    def strays_in(self, db: Db, places: Collection[int]) -> list[int]:
        """Those of these places of the index where nothing must be found."""
        right = self.texts(db, [row_of(place) for place in places])
        return [place for place in places if right.get(place) is None]


def _lock_articles(db: Db, ids: Collection[int]) -> None:
    db.execute(select(Article.id).where(Article.id.in_(ids)).order_by(Article.id).with_for_update())


def _lock_comments(db: Db, ids: Collection[int]) -> None:
    """Whoever changes a comment locks its article first."""
    _lock_articles(db, db.execute(select(Comment.article_id).where(Comment.id.in_(ids)).distinct()).scalars().all())


def _article_texts(db: Db, ids: Collection[int]) -> Texts:
    query = select(Article).where(Article.id.in_(ids), Article.published_at.is_not(None))
    found = db.execute(query, execution_options={"populate_existing": True}).scalars()
    return {
        place_of(article.published_at, article.id): article_terms(article)
        if article.publication == Publication.PUBLISHED
        else None
        for article in found
        if article.published_at
    }


def _comment_texts(db: Db, ids: Collection[int]) -> Texts:
    query = select(Comment.id, Comment.created_at, Comment.author_id, Comment.html, Comment.state)
    return {
        place_of(row.created_at, row.id): comment_terms(row.author_id, row.html) if row.state == State.VISIBLE else None
        for row in db.execute(query.where(Comment.id.in_(ids)))
    }


SOURCES = {
    ARTICLES: Source(articles_in, Article, _lock_articles, _article_texts),
    COMMENTS: Source(comments_in, Comment, _lock_comments, _comment_texts),
}
