"""Articles are found by their words while they are published."""

from forum.articles.models import Article, Publication
from forum.database import Db
from forum.fulltext.index import articles_in, by_account
from forum.fulltext.places import place_of
from forum.markup import plain_text
from forum.terms import BOUNDARY, MOST, terms_of


def index_article(db: Db, article: Article) -> None:
    """Let an article be found by what it says now, where everybody may read it."""
    if article.publication == Publication.PUBLISHED and article.published_at:
        articles_in(db).put(db, {place_of(article.published_at, article.id): article_terms(article)})


def unindex_article(db: Db, article: Article) -> None:
    """Let an article be found no more: before the moment changes at which it was published, for that is its place."""
    if article.id and article.published_at:
        articles_in(db).take(db, place_of(article.published_at, article.id))


def article_terms(article: Article) -> list[str]:
    """All terms of an article. Those of the headline come twice: what it is about weighs more."""
    parts = (article.headline, article.headline, article.standfirst, article.byline, plain_text(article.html))
    author = [by_account(article.author_id)] if article.author_id else []
    return [*author, *(term for part in parts for term in (*terms_of(part), BOUNDARY))][:MOST]
