"""Fills one discussion with as many comments as are asked for: rows made in bulk, as if people had posted them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from random import Random
from typing import Any

from sqlalchemy import func, insert, select, update

from forum.articles.models import Article
from forum.comments.indexing import index_rows
from forum.comments.models import Comment, State, Vote
from forum.database import Base, Db, ids_go_on, now, table_of
from forum.demo.content import DemoArticle
from forum.demo.shape import Shape
from forum.demo.talk import more_comments
from forum.markup import RENDERER, render_comment

ROWS_AT_ONCE = 5_000
REMARKS = 1_500
"""So many remarks are made up; a comment says two of them, so that hardly two comments are alike."""
MOST_VOTES = 24

Text = tuple[str, str]
"""What was written, and its HTML."""
Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Crowd:
    """Who writes, and what: `texts` has no end."""

    authors: Sequence[int]
    texts: Iterator[Text]
    rng: Random


def texts_about(story: DemoArticle, rng: Random) -> Iterator[Text]:
    """Texts for a discussion of that article, without end."""
    remarks = [(one.body, render_comment(one.body)) for one in more_comments(story, rng, REMARKS)]
    plain = [(body, html) for body, html in remarks if html.count("<") == 2 * html.count("<p>")]
    while True:
        (first, first_html), (second, second_html) = rng.sample(plain, 2)
        yield f"{first}\n\n{second}", first_html + second_html


def fill_discussion(db: Db, slug: str, shape: Shape, crowd: Crowd) -> Iterator[int]:
    """Add the comments of that shape, written evenly from the article's publication until now, and votes on them.

    Gives again and again how many have been written since; all are there once it ends. For a database that nobody
    else writes to.
    """
    article = db.execute(select(Article).where(Article.slug == slug)).scalar_one()
    first = (db.execute(select(func.max(Comment.id))).scalar_one() or 0) + 1
    comments = _comments(shape, crowd, article, first)
    while some := list(islice(comments, ROWS_AT_ONCE)):
        _insert(db, Comment, some)
        index_rows(db, some)
        _insert(db, Vote, _votes(some, crowd))
        yield len(some)
    counted = {"version": Article.version + len(shape), "comment_count": Article.comment_count + len(shape)}
    db.execute(update(Article).where(Article.id == article.id).values(**counted))
    ids_go_on(db.connection(), table_of(Comment))


def _comments(shape: Shape, crowd: Crowd, article: Article, first: int) -> Iterator[dict[str, Any]]:
    """The rows, whose ids count from `first`."""
    began, rng = article.published_at or now(), crowd.rng
    step = (now() - began) / (len(shape) + 1)

    def id_of(place: int) -> int | None:
        return first + place if place >= 0 else None

    for place in range(len(shape)):
        body, html = next(crowd.texts)
        yield {
            "id": first + place,
            "article_id": article.id,
            "author_id": rng.choice(crowd.authors),
            "parent_id": id_of(shape.parent[place]),
            "shown_under_id": id_of(shape.under[place]),
            "root_id": id_of(shape.root[place]),
            "depth": shape.depth[place],
            "ordinal": shape.ordinal[place],
            "last_ordinal": shape.last[place],
            "version": article.version + place + 1,
            "state": State.VISIBLE,
            "was_public": True,
            "reply_count": shape.replies[place],
            "score": min(MOST_VOTES, len(crowd.authors) - 1, int(rng.expovariate(2.0))),
            "body": body,
            "html": html,
            "renderer": RENDERER,
            "created_at": began + step * (place + 1),
        }


def _votes(comments: Rows, crowd: Crowd) -> Rows:
    """As many votes as each comment's score says, each of an account of its own and none of the author's."""
    votes = []
    for comment in comments:
        if comment["score"]:
            asked = crowd.rng.sample(crowd.authors, comment["score"] + 1)
            voters = [one for one in asked if one != comment["author_id"]][: comment["score"]]
            votes += [{"account_id": voter, "comment_id": comment["id"]} for voter in voters]
    return votes


def _insert(db: Db, model: type[Base], rows: Rows) -> None:
    """Write the rows, past the ORM."""
    if rows:
        db.connection().execute(insert(table_of(model)), rows)
