"""HTML that an older renderer made: shown as this version renders it, and stored so when somebody says so."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import update

from forum.comments.models import Comment
from forum.comments.projection import PUBLIC
from forum.comments.queries import shown_comment
from forum.comments.rendering import count_sources, render_all
from forum.database import Db, open_database
from forum.markup import RENDERER
from tests.server import Server
from tests.world import World

pytestmark = pytest.mark.anyio


async def test_a_comment_of_an_older_renderer_is_shown_as_this_one_renders_it(world: World) -> None:
    old, current = await some_comments(world)
    shown = [await world.database.read(shown_comment, one, PUBLIC) for one in (old, current)]
    assert [one.html for one in shown if one] == ["<p><em>Old</em></p>\n", "<p>stored</p>"]


@pytest.mark.parametrize("even_current", [False, True])
async def test_what_is_rendered_anew_is_stored_and_nothing_else_changes(world: World, even_current: bool) -> None:
    old, current = await some_comments(world)
    versions = [(await world.comment(one)).version for one in (old, current)]
    looked_at = await world.database.read(count_sources, even_current=even_current)
    assert sum([count async for count in render_all(world.database, even_current=even_current)]) == looked_at
    comments = [await world.comment(one) for one in (old, current)]
    assert [one.html for one in comments] == [
        "<p><em>Old</em></p>\n",
        "<p>New</p>\n" if even_current else "<p>stored</p>",
    ]
    assert [one.renderer for one in comments] == [RENDERER, RENDERER]
    assert [one.version for one in comments] == versions
    assert await world.database.read(count_sources, even_current=False) == 0


async def test_the_command_says_how_many_it_has_stored(server: Server) -> None:
    database = open_database(server.settings)
    old, current = await some_comments(World(database))
    assert server.command("render").endswith("1 comments are stored as this version renders them.\n")
    assert server.command("render", "--all").endswith("2 comments are stored as this version renders them.\n")
    shown = [await database.read(shown_comment, one, PUBLIC) for one in (old, current)]
    assert [one.html for one in shown if one] == ["<p><em>Old</em></p>\n", "<p>New</p>\n"]
    await database.close()


async def test_a_text_that_is_edited_meanwhile_stays_its_authors(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    old, _current = await some_comments(world)
    write = world.database.write

    async def write_after_an_edit(action: Callable[..., Any], /, *arguments: Any) -> Any:
        monkeypatch.undo()
        await world.edit(old, "Edited")
        return await write(action, *arguments)

    monkeypatch.setattr(world.database, "write", write_after_an_edit)
    async for _count in render_all(world.database, even_current=False):
        pass
    comment = await world.comment(old)
    assert (comment.body, comment.html) == ("Edited", "<p>Edited</p>\n")


async def some_comments(world: World) -> list[int]:
    """One whose HTML an older renderer made, and one whose HTML is this one's; both otherwise than now."""
    slug = await world.article()
    comments = [await world.post(slug, "*Old*"), await world.post(slug, "New")]
    await world.database.write(set_stored, comments[0], renderer=RENDERER - 1)
    await world.database.write(set_stored, comments[1], renderer=RENDERER)
    return comments


def set_stored(db: Db, comment_id: int, *, renderer: int) -> None:
    """As if that renderer had made other HTML."""
    db.execute(update(Comment).where(Comment.id == comment_id).values(html="<p>stored</p>", renderer=renderer))
