"""For those without scripts: what has come since the page was loaded."""

import pytest
from starlette.testclient import TestClient

from forum.comments import queries, views
from tests.world import World

pytestmark = pytest.mark.anyio


async def test_the_line_counts_what_came_and_not_what_was_edited(world: World, client: TestClient) -> None:
    slug = await world.article()
    old = await world.post(slug)
    await world.edit(old, "Better.")
    assert "Nothing new" in client.get(f"/articles/{slug}/arrivals?after=2").text
    await world.post(slug)
    await world.post(slug, held=True)
    answer = client.get(f"/articles/{slug}/arrivals?after=2")
    assert "1 new since you loaded this" in answer.text
    assert answer.headers["x-frame-options"] == "SAMEORIGIN"


async def test_no_more_are_counted_than_anybody_reads(
    world: World, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (queries, views):
        monkeypatch.setattr(module, "MOST_ARRIVALS", 3)
    slug = await world.article()
    for _ in range(3):
        await world.post(slug)
    assert "3 new since you loaded this" in client.get(f"/articles/{slug}/arrivals?after=0").text
    await world.post(slug)
    assert "More than 3 new since you loaded this" in client.get(f"/articles/{slug}/arrivals?after=0").text


async def test_a_page_frames_it_and_no_other_site_may(world: World, client: TestClient) -> None:
    slug = await world.article()
    page = client.get(f"/articles/{slug}")
    assert f"/articles/{slug}/arrivals?after=0" in page.text
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
