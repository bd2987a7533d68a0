"""What an act will do is said before, in numbers: the same numbers as what then happens."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from forum.accounts.actor import Actor
from forum.articles.actions import ArticleText, create_article
from forum.articles.conditions import conditions_of
from forum.articles.models import Article, DiscussionState, Publication
from forum.comments.models import State
from forum.comments.projection import PUBLIC
from forum.database import Db
from forum.moderation.bans import Ban, ban_account
from forum.moderation.closing import Closing
from forum.moderation.discussions import set_closing, set_discussion
from forum.moderation.preview import BanPreview, ClosingPreview, Removal, preview_ban, preview_closing
from forum.moderation.reports import report_comment
from forum.moderation.sections import sections_overview, set_section
from forum.moderation.sweeps import finish_act
from forum.moderation.telling import tell_all
from forum.permissions import Role
from tests.machine import fetch_afresh
from tests.moderation.test_as_it_was import READERS, Step, Story, lives, story
from tests.world import World

EXAMPLES = {"sqlite": 12, "postgres": 5}


async def shown(world: World, handle: str) -> BanPreview:
    return await world.database.read(preview_ban, (await world.account(handle)).account_id)


@pytest.mark.anyio
async def test_a_ban_says_what_each_of_its_removals_would_hide(world: World, mona: Actor) -> None:
    slug, other = await world.article(), await world.article("Another")
    with time_machine.travel(datetime.now(UTC) - timedelta(days=3)):
        old = await world.post(other)
        await world.post(other, "A reply that stays.", by="omar", parent=old)
    root = await world.post(slug)
    await world.post(slug, "Her own reply goes too.", parent=root)
    await world.post(slug, "A reply that stays.", by="omar", parent=root)
    await world.post(slug, "It waits already.", held=True)
    await world.database.write(report_comment, reporter=await world.account("omar"), comment_id=root, reason="spam")
    await world.sign_in("nora")
    preview = await shown(world, "nora")
    assert preview.day == Removal(comments=2, discussions=1, orphans=1, reports=1)
    assert preview.all == Removal(comments=3, discussions=2, orphans=2, reports=1)
    assert preview.sign_ins == 1
    assert await shown(world, "pia") == BanPreview(0, Removal(), Removal())


@pytest.mark.anyio
async def test_closing_says_how_many_comments_there_are_and_what_goes_on_waiting(world: World, mona: Actor) -> None:
    slug, elsewhere = await world.article(), await world.article("Another")
    comment = await world.post(slug)
    for place in (slug, elsewhere):
        await world.post(place, held=True)
    await world.database.write(report_comment, reporter=await world.account("omar"), comment_id=comment, reason="spam")
    article = await world.article_id(slug)
    assert await world.database.read(preview_closing, article) == ClosingPreview(comments=1, held=1, reports=1)
    before = await world.database.read(fetch_afresh, article, PUBLIC)
    await world.database.write(set_discussion, moderator=mona, slug=slug, state=DiscussionState.OFF)
    assert before.count == 1
    assert await world.database.read(preview_closing, article) == ClosingPreview(comments=1, held=1, reports=1)


def open_for_writing(db: Db) -> dict[int, int]:
    """The articles in whose discussions one may write now, with how many comments each has."""
    articles = db.execute(select(Article).where(Article.publication == Publication.PUBLISHED)).scalars()
    return {one.id: one.comment_count for one in articles if conditions_of(db, one.id).state == DiscussionState.OPEN}


@pytest.mark.anyio
async def test_closing_a_section_says_how_many_open_discussions_it_closes(world: World, mona: Actor) -> None:
    editor = await world.account("eddie", Role.EDITOR)

    async def article(*sections: str) -> str:
        text = ArticleText("Here", "", "x", "<p>x</p>", sections, publication=Publication.PUBLISHED)
        return await world.database.write(create_article, editor=editor, text=text)

    for slug in (await article("News"), await article("News", "Sport"), await article("Culture", "News")):
        await world.post(slug)
    await world.article("A draft", published=False)
    await world.article("Closed", discussion=DiscussionState.READONLY)
    await world.database.write(set_closing, moderator=mona, slug=await article("News"), closing=Closing(days=1))
    await world.database.write(set_section, moderator=mona, slug="culture", closed=True)
    with time_machine.travel(datetime.now(UTC) + timedelta(days=2)):
        await tell_all(world.database)
        news = next(one for one in await world.database.read(sections_overview) if one.section.slug == "news")
        before = await world.database.read(open_for_writing)
        await world.database.write(set_section, moderator=mona, slug="news", closed=True)
        after = await world.database.read(open_for_writing)
    assert (news.open, news.comments) == (2, 2)
    assert (len(before) - len(after), sum(before.values()) - sum(after.values())) == (2, 2)


def banned_for_real(tell: Story, handle: str, remove: Any) -> Removal:
    """What a ban with this removal has changed, counted in what is stored before and after."""
    before = tell.looks()
    mona = tell.site.do(tell.site.world.account, "mona", Role.MODERATOR)
    act = tell.write(ban_account, moderator=mona, handle=handle, ban=Ban("Too loud", None, remove))
    tell.site.do(finish_act, tell.site.database, act)
    after = tell.looks()
    visible = [row for row in after["comments"].values() if row["state"] == State.VISIBLE]
    was_visible = {number for number, row in before["comments"].items() if row["state"] == State.VISIBLE}
    gone = {number for number in was_visible if after["comments"][number]["state"] == State.REMOVED}
    return Removal(
        comments=len(gone),
        discussions=len({after["comments"][number]["article_id"] for number in gone}),
        orphans=len([row for row in visible if (row["parent_id"],) in gone]),
        reports=len([1 for number, row in after["reports"].items() if row != before["reports"][number]]),
    )


def test_the_preview_is_what_then_happens(kind: str, request: pytest.FixtureRequest) -> None:
    @settings(max_examples=EXAMPLES[kind], deadline=None, print_blob=True)
    @given(st.lists(lives, min_size=3, max_size=14), st.sampled_from(READERS), st.sampled_from(["day", "all"]))
    def tries(before: list[Step], handle: str, remove: str) -> None:
        with story(kind, request) as tell:
            for step in before:
                tell.take(step)
            account = tell.site.do(tell.site.world.account, handle).account_id
            preview = tell.site.do(tell.site.database.read, preview_ban, account)
            assert banned_for_real(tell, handle, remove) == getattr(preview, remove)

    tries()
