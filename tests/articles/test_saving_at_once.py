"""Editors who save at the same moment: nobody's text is lost without a word."""

import asyncio
from dataclasses import replace

import pytest

from forum.articles.actions import ArticleText, create_article, edition_of, update_article
from forum.articles.models import Article, DiscussionState, Publication
from forum.articles.queries import any_article, sections
from forum.database import Db
from forum.errors import Banned, Conflict, Forbidden, SignInNeeded
from forum.moderation.bans import Ban, ban_account
from forum.permissions import Role
from tests.world import World

pytestmark = pytest.mark.anyio
TEXT = ArticleText(
    headline="The bridge closes",
    standfirst="",
    body="Text.",
    html="<p>Text.</p>",
    sections=["News"],
    publication=Publication.PUBLISHED,
)


def article_of(db: Db, slug: str) -> Article:
    """The row as it is now."""
    article = any_article(db, slug)
    assert article is not None
    return article


async def test_of_several_who_save_over_one_edition_exactly_one_is_stored(world: World) -> None:
    editor = await world.account("eddie", Role.EDITOR)
    slug = await world.database.write(create_article, editor=editor, text=TEXT)
    edition = edition_of(await world.database.read(article_of, slug))
    results = await asyncio.gather(
        *(
            world.database.write(
                update_article, editor=editor, slug=slug, text=replace(TEXT, body=f"Number {number}."), edition=edition
            )
            for number in range(5)
        ),
        return_exceptions=True,
    )
    assert sorted(isinstance(result, Conflict) for result in results) == [False, True, True, True, True]
    stored = results.index(slug)
    assert (await world.database.read(article_of, slug)).body == f"Number {stored}."


async def test_articles_and_sections_named_alike_at_once_are_all_stored(world: World) -> None:
    editor = await world.account("eddie", Role.EDITOR)
    text = replace(TEXT, sections=["Brand new", "Newer"], tags=["Both"])
    slugs = await asyncio.gather(*(world.database.write(create_article, editor=editor, text=text) for _ in range(4)))
    assert sorted(slugs) == ["the-bridge-closes", *(f"the-bridge-closes-{number}" for number in (2, 3, 4))]
    assert [section.slug for section in await world.database.read(sections)] == ["brand-new", "newer"]


async def test_a_post_and_a_change_of_the_discussion_at_once_are_two_versions(world: World) -> None:
    editor = await world.account("eddie", Role.EDITOR)
    await world.account("nora")
    slug = await world.database.write(create_article, editor=editor, text=TEXT)
    closing = world.database.write(
        update_article, editor=editor, slug=slug, text=replace(TEXT, discussion=DiscussionState.READONLY)
    )
    outcomes = await asyncio.gather(world.post(slug), closing, return_exceptions=True)
    posted = not isinstance(outcomes[0], Forbidden)
    article = await world.database.read(article_of, slug)
    assert (article.version, article.comment_count) == ((2, 1) if posted else (1, 0))


async def test_who_is_banned_or_signed_out_meanwhile_stores_nothing(world: World) -> None:
    editor = await world.signed_in("eddie", Role.EDITOR)
    slug = await world.database.write(create_article, editor=editor, text=TEXT)
    signed_out = replace(editor, session_id=10_000)
    changed = replace(TEXT, body="Changed.")
    with pytest.raises(SignInNeeded):
        await world.database.write(update_article, editor=signed_out, slug=slug, text=changed)
    reader = await world.account("reada")
    with pytest.raises(Forbidden):
        await world.database.write(update_article, editor=reader, slug=slug, text=changed)
    await world.database.write(ban_account, moderator=None, handle="eddie", ban=Ban(reason="spam"))
    with pytest.raises(Banned):
        await world.database.write(update_article, editor=await world.account("eddie"), slug=slug, text=changed)
    assert (await world.database.read(article_of, slug)).body == "Text."
