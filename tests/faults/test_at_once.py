"""At the same moment: one form sent eight times, a reply against a deletion, a deadlock. Each has one right outcome."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import asyncpg
import httpx2
import pytest
from sqlalchemy import select

from forum.articles.models import Article
from forum.comments.actions import edit_comment, post_comment
from forum.comments.body import make_body
from forum.comments.models import Comment, State
from forum.comments.recount import find_faults
from forum.config import Settings
from forum.database import Db
from forum.events import DiscussionChanged, Event
from tests.server import Server, free_port
from tests.world import World

pytestmark = pytest.mark.anyio
on_postgres = pytest.mark.parametrize("kind", ["postgres"], indirect=True)
JSON = {"accept": "application/json"}
WAITS_FOR_US = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
TIMES = 8
ROUNDS = 50
APART = 0.004
"""Seconds between the two of a round at most: about what one of them takes."""


@asynccontextmanager
async def browser(server: Server, cookie: str) -> AsyncIterator[httpx2.AsyncClient]:
    """Somebody who is signed in."""
    headers = {"cookie": f"forum={cookie}"}
    async with httpx2.AsyncClient(base_url=server.url, headers=headers, timeout=20) as browser:
        yield browser


def comments_of(db: Db, slug: str) -> tuple[int, list[Comment]]:
    """The discussion's version, and all comments in it."""
    article = db.execute(select(Article).where(Article.slug == slug)).scalar_one()
    query = select(Comment).where(Comment.article_id == article.id).order_by(Comment.id)
    return article.version, list(db.execute(query).scalars())


@pytest.fixture
def limited(settings: Settings, tmp_path: Path) -> Iterator[list[Server]]:
    """Two processes of a site with the rates that it has by default; they are started by the test."""
    limits = settings.model_copy(update={"limits": "on"})
    servers = [Server(limits, free_port(), tmp_path / f"{number}.log") for number in range(2)]
    yield servers
    for server in servers:
        server.stop()


async def send_at_once(world: World, *servers: Server) -> None:
    """Send one form eight times, to each server in turn: every answer must be the same comment's."""
    slug, cookie = await world.article(), await world.sign_in("nora")
    start = asyncio.Barrier(TIMES)

    async def send(nora: httpx2.AsyncClient) -> httpx2.Response:
        await start.wait()
        form = {"body": "Sent eight times.", "key": "one form"}
        return await nora.post(f"/articles/{slug}/comments", data=form, headers=JSON)

    async with AsyncExitStack() as stack:
        browsers = [await stack.enter_async_context(browser(server, cookie)) for server in servers]
        answers = await asyncio.gather(*map(send, islice(cycle(browsers), TIMES)))
    version, comments = await world.database.read(comments_of, slug)
    assert [answer.status_code for answer in answers] == [201] * TIMES, {answer.text for answer in answers}
    assert [answer.json()["id"] for answer in answers] == [comment.id for comment in comments] * TIMES
    assert version == 1


async def test_one_form_sent_eight_times_at_once_is_one_comment_and_every_answer_is_that(
    world: World, limited: list[Server]
) -> None:
    limited[0].start()
    await send_at_once(world, limited[0])


@on_postgres
async def test_one_form_sent_to_two_processes_at_once_is_one_comment_and_every_answer_is_that(
    world: World, limited: list[Server]
) -> None:
    for server in limited:
        server.start()
    await send_at_once(world, *limited)


async def reply_against_delete(world: World, server: Server, rounds: int) -> None:
    """Nora deletes what she wrote in the moment in which Omar answers it, again and again."""
    slug, moments, refused = await world.article(), random.Random(3), 0
    path, start = f"/articles/{slug}/comments", asyncio.Barrier(2)

    async def send(who: httpx2.AsyncClient, path: str, form: Mapping[str, object]) -> httpx2.Response:
        late = moments.uniform(0, APART)
        await start.wait()
        await asyncio.sleep(late)
        return await who.post(path, data=form)

    async with (
        browser(server, await world.sign_in("nora")) as nora,
        browser(server, await world.sign_in("omar")) as omar,
    ):
        for number in range(rounds):
            parent = (await nora.post(path, data={"body": f"Question {number}."}, headers=JSON)).json()["id"]
            answer = {"body": f"Answer {number}.", "parent": parent}
            deleted, answered = await asyncio.gather(
                send(nora, f"/comments/{parent}/delete", {}), send(omar, path, answer)
            )
            assert deleted.status_code == 303
            assert answered.status_code == 303 or (answered.status_code == 422 and answer["body"] in answered.text)
            refused += answered.status_code == 422
    assert 0 < refused < rounds, "all rounds went the same way"
    version, comments = await world.database.read(comments_of, slug)
    answers = {comment.parent_id for comment in comments if comment.parent_id}
    assert len(answers) == rounds - refused
    assert version == rounds * 2 + len(answers), "a post or a deletion is one version each"
    for comment in comments:
        assert comment.state == (State.VISIBLE if comment.parent_id else State.DELETED)
        assert comment.reply_count == (comment.id in answers)
    assert await world.database.read(find_faults) == []


async def test_a_reply_stands_under_a_tombstone_or_is_given_back_when_its_parent_is_deleted_at_that_moment(
    world: World, server: Server
) -> None:
    await reply_against_delete(world, server, ROUNDS)


def an_edit(world: World, slug: str, comment: int) -> tuple[Callable[..., Any], dict[str, Any]]:
    """Its author changes the comment."""
    return edit_comment, {"comment_id": comment, "version": 1, "within": timedelta(minutes=15)}


def a_reply(world: World, slug: str, comment: int) -> tuple[Callable[..., Any], dict[str, Any]]:
    """Its author answers the comment."""
    return post_comment, {"slug": slug, "parent_id": comment, "key": "k"}


@on_postgres
@pytest.mark.parametrize("act", [an_edit, a_reply])
async def test_of_two_that_wait_for_each_other_ours_is_ended_run_again_and_done_once(
    world: World, settings: Settings, act: Callable[..., Any]
) -> None:
    slug = await world.article()
    comment = await world.post(slug, "Before.")
    action, arguments = act(world, slug, comment)
    runs, told = list[None](), list[Event]()
    world.database.publish = told.extend

    def counted(db: Db, /, **arguments: Any) -> Any:
        runs.append(None)
        return action(db, **arguments)

    foreign = await asyncpg.connect(settings.database.replace("+asyncpg", ""))
    async with asyncio.timeout(20), foreign.transaction():
        await foreign.execute("SET deadlock_timeout = '1min'")  # ours waits for a second: so ours is the one to end
        await foreign.execute("SELECT FROM comments WHERE id = $1 FOR UPDATE", comment)
        nora = await world.account("nora")
        ours = asyncio.create_task(world.database.write(counted, author=nora, body=make_body("After."), **arguments))
        while not await foreign.fetchval(WAITS_FOR_US):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        await foreign.execute("SELECT FROM articles WHERE slug = $1 FOR UPDATE", slug)
    await foreign.close()
    await ours
    version, comments = await world.database.read(comments_of, slug)
    assert len(runs) > 1, "nothing was ended"
    assert [one.body for one in comments] == (["After."] if act is an_edit else ["Before.", "After."])
    assert version == 2
    assert told == [DiscussionChanged(comments[0].article_id, 2)]
    assert await world.database.read(find_faults) == []
