"""A discussion that is filled in bulk is as if people had posted it."""

from itertools import cycle
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from forum.articles.models import Article
from forum.comments.models import Comment
from forum.comments.recount import find_faults
from forum.database import Db
from forum.demo.content import articles
from forum.demo.filling import Crowd, fill_discussion, texts_about
from forum.demo.shape import Shape, chain, lively, shape_of
from forum.markup import render_comment
from tests.world import World

pytestmark = pytest.mark.anyio


@st.composite
def answered(draw: st.DrawFn) -> list[int]:
    """Whom each of some comments answers: an earlier one, or none (-1)."""
    return [draw(st.integers(-1, row - 1)) for row in range(draw(st.integers(1, 14)))]


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parents=answered())
async def test_every_comment_stands_where_it_would_if_it_had_been_posted(world: World, parents: list[int]) -> None:
    posted, filled = await world.article(), await world.article()
    ids = list[int]()
    for parent in parents:
        ids.append(await world.post(posted, parent=ids[parent] if parent >= 0 else None))
    await world.database.write(fill, filled, shape_of(parents), await authors(world))
    assert await world.database.read(places, posted) == await world.database.read(places, filled)


async def test_a_recount_finds_nothing_wrong_in_a_filled_discussion_and_people_post_on(world: World) -> None:
    slug = await world.article()
    before = await world.post(slug)
    for shape in (shape_of(lively(300, Random(3))), shape_of(chain(40))):
        await world.database.write(fill, slug, shape, await authors(world))
    after = await world.post(slug, parent=before)
    assert after > before + 340
    assert await world.database.read(find_faults) == []
    article = await world.database.read(lambda db: db.execute(select(Article).where(Article.slug == slug)).scalar_one())
    assert (article.comment_count, article.version) == (342, 342)


def test_the_html_of_a_text_is_what_the_renderer_makes_of_it() -> None:
    texts = texts_about(articles()[0], Random(5))
    for body, html in (next(texts) for _ in range(50)):
        assert html == render_comment(body)


async def authors(world: World) -> list[int]:
    """Some people who write and vote."""
    return [(await world.account(f"reader{number}")).account_id for number in range(6)]


def fill(db: Db, slug: str, shape: Shape, writers: list[int]) -> None:
    """Add the comments of that shape."""
    texts = cycle([("A comment.", "<p>A comment.</p>")])
    for _written in fill_discussion(db, slug, shape, Crowd(writers, texts, Random(1))):
        pass


def places(db: Db, slug: str) -> list[dict[str, Any]]:
    """Where each comment of a discussion stands, in the order of posting, and what is counted at it."""
    query = select(Comment).join(Article, Article.id == Comment.article_id).where(Article.slug == slug)
    rows = list(db.execute(query.order_by(Comment.id)).scalars())
    number = {row.id: place for place, row in enumerate(rows)} | {None: -1}
    return [
        {name: number[getattr(row, name)] for name in ("parent_id", "shown_under_id", "root_id")}
        | {name: getattr(row, name) for name in ("depth", "ordinal", "last_ordinal", "version", "reply_count", "state")}
        for row in rows
    ]
