"""Guests' pages are kept ready, and are never another's, nor old, nor more than there is room for."""

import asyncio
import gzip
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import brotli  # type: ignore[import-untyped]
import pytest
import zstandard
from httpx2 import Response
from sqlalchemy import update
from sqlalchemy.exc import OperationalError
from starlette.testclient import TestClient

from forum.accounts.models import Account
from forum.app import make_app
from forum.articles.models import Article, Publication
from forum.articles.queries import Shown
from forum.comments.windows import TOP_LEVEL
from forum.config import Settings
from forum.database import open_database
from forum.kept_pages import BESIDE, Kept, KeptPages
from forum.metrics import READY_PAGES
from forum.permissions import Role
from forum.site.actions import describe_site
from tests.accounts.site import Site
from tests.waiting import until
from tests.world import World


@pytest.fixture
def slug(site: Site) -> str:
    """An article with a comment."""
    slug = site.do(site.world.article)
    site.do(site.world.post, slug, "The first comment.")
    return slug


def made() -> float:
    """How many pages have been made ready so far."""
    return READY_PAGES.labels("made")._value.get()  # type: ignore[no-any-return]


def look(site: Site, slug: str, token: str | None = None, query: str = "", **headers: str) -> Response:
    """An article's page."""
    return site.get(f"/articles/{slug}{query}", token, headers={"accept-encoding": "identity"} | headers)


def test_a_page_that_has_not_changed_is_made_once(site: Site, slug: str) -> None:
    before = made()
    first, *others = [look(site, slug) for _ in range(5)]
    assert made() == before + 1
    assert {page.text for page in others} == {first.text}
    assert "The first comment." in first.text


def test_what_is_kept_is_what_the_framework_makes(site: Site, slug: str, settings: Settings) -> None:
    look(site, slug)
    kept = look(site, slug)
    with TestClient(make_app(settings.model_copy(update={"ready_pages_bytes": 0}))) as plain:
        page = plain.get(f"/articles/{slug}", headers={"accept-encoding": "identity"})
    assert kept.text == page.text
    named = {name for name in kept.headers if name not in ("etag", "vary")}
    assert {name: kept.headers[name] for name in named} == {name: page.headers[name] for name in named}
    assert {word.strip().lower() for word in kept.headers["vary"].split(",")} == {"accept-encoding", "cookie"}


def test_a_comment_an_edit_a_removal_a_vote_and_the_sites_words_show_at_the_next_look(site: Site, slug: str) -> None:
    world = site.world
    look(site, slug)
    comment = site.do(world.post, slug, "The second comment.")
    assert "The second comment." in look(site, slug).text
    site.do(world.edit, comment, "Another text.")
    assert "Another text." in look(site, slug).text
    site.do(world.recommend, comment, by="vera")
    assert "data-score>1</span>" in look(site, slug).text
    site.do(world.delete, comment)
    assert "Another text." not in look(site, slug).text
    site.do(site.database.write, describe_site, {"name": "The Bridge"})
    assert "The Bridge" in look(site, slug).text


async def test_what_another_process_stores_shows_within_moments(site: Site, slug: str, settings: Settings) -> None:
    with_page = look(site, slug)
    other = open_database(settings)
    await World(other).post(slug, "From elsewhere.")
    await other.close()
    assert "From elsewhere." not in with_page.text
    await until(lambda: "From elsewhere." in look(site, slug).text, seconds=1)


def test_a_page_that_took_very_long_to_make_is_made_anew_within_a_moment_all_the_same(
    site: Site, slug: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("forum.ready_pages.SHARE", 10_000)
    look(site, slug)
    site.do(site.world.post, slug, "News.")
    began = time.monotonic()
    assert "News." in look(site, slug).text
    assert time.monotonic() - began < 10


def test_a_page_that_is_there_already_is_not_sent_again(site: Site, slug: str) -> None:
    page = look(site, slug)
    again = look(site, slug, **{"if-none-match": page.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == page.headers["etag"]
    assert again.headers["cache-control"] == page.headers["cache-control"]
    site.do(site.world.post, slug, "News.")
    assert look(site, slug, **{"if-none-match": page.headers["etag"]}).status_code == 200


@pytest.mark.parametrize("encoding", ["zstd", "br", "gzip"])
def test_a_page_comes_compressed_as_the_browser_takes_it(site: Site, slug: str, encoding: str) -> None:
    read = {"zstd": lambda body: zstandard.ZstdDecompressor().decompressobj().decompress(body)}
    read |= {"br": brotli.decompress, "gzip": gzip.decompress}
    plain = look(site, slug)
    with site.client.stream("GET", f"/articles/{slug}", headers={"accept-encoding": encoding}) as answer:
        raw = b"".join(answer.iter_raw())
    assert answer.headers["content-encoding"] == encoding
    assert int(answer.headers["content-length"]) == len(raw) < len(plain.content) / 2
    assert read[encoding](raw).decode() == plain.text


def test_a_guests_page_is_nobody_elses(site: Site, slug: str) -> None:
    """In whichever order they come: a guest, two readers, the author of a held comment, a moderator."""
    world = site.world
    site.do(world.post, slug, "Held for now.", by="hilda", held=True)
    people = {None: None} | {who: site.do(world.sign_in, who) for who in ("rita", "ruth", "hilda")}
    people["mona"] = site.do(world.sign_in, "mona", Role.MODERATOR)
    for _ in range(2):
        for who, token in people.items():
            page = look(site, slug, token)
            assert ("data-viewer" in page.text) == (who is not None)
            assert who is None or f'data-viewer="{who}"' in page.text
            assert ("Held for now." in page.text) == (who == "hilda")
            assert page.headers["cache-control"].startswith("public" if who is None else "private")
            assert ("etag" in page.headers) == (who is None)
            assert "set-cookie" not in page.headers


def test_what_one_has_just_written_further_down_is_on_ones_own_page_alone(site: Site, slug: str) -> None:
    world, own = site.world, "Beneath what is far down."
    [first, *_others] = [site.do(world.post, slug, f"Comment {number}.") for number in range(TOP_LEVEL + 5)]
    token = site.do(world.sign_in, "rita")
    site.do(world.post, slug, own, by="rita", parent=first)
    for _ in range(2):
        assert own in look(site, slug, token).text
        assert own not in look(site, slug, site.do(world.sign_in, "ruth")).text
        assert own not in look(site, slug).text


def test_what_is_kept_does_not_depend_on_who_asked_first(site: Site, slug: str) -> None:
    first = {"accept-encoding": "br", "cookie": "theme=dark", "accept": "application/json", "user-agent": "a crawler"}
    site.get(f"/articles/{slug}", headers=first)
    kept = look(site, slug)
    assert "content-encoding" not in kept.headers
    assert "The first comment." in kept.text


def test_a_head_is_the_page_without_its_body(site: Site, slug: str) -> None:
    page = look(site, slug)
    head = site.client.head(f"/articles/{slug}", headers={"accept-encoding": "identity"})
    assert (head.status_code, head.content) == (200, b"")
    assert {name: head.headers[name] for name in ("etag", "content-length")} == {
        name: page.headers[name] for name in ("etag", "content-length")
    }


def test_an_order_and_a_later_page_are_kept_apart(site: Site, slug: str) -> None:
    site.do(site.world.post, slug, "The second comment.")
    for _ in range(2):
        pages = {
            query: look(site, slug, query=query).text
            for query in ("", "?sort=oldest", "?after=2", "?sort=newest&after=2")
        }
        assert len(set(pages.values())) == 4
        assert pages["?sort=oldest"].index("The first") < pages["?sort=oldest"].index("The second")
        assert "The second" not in pages["?after=2"]


@pytest.mark.parametrize(
    "query", ["?sort=oldest&sort=newest", "?x=1", "?draft=abc", "?after=%00", "?after=x", "?sort=x"]
)
def test_what_is_asked_in_another_way_is_answered_as_ever_and_not_kept(site: Site, slug: str, query: str) -> None:
    before = made()
    first, second = look(site, slug, query=query), look(site, slug, query=query)
    assert made() == before
    assert first.status_code == second.status_code
    assert "etag" not in first.headers


def test_an_article_that_is_withdrawn_is_gone_at_the_next_look(site: Site, slug: str) -> None:
    assert look(site, slug).status_code == 200
    draft = update(Article).where(Article.slug == slug).values(publication=Publication.DRAFT)
    site.do(site.database.write, lambda db: db.execute(draft) and None)
    assert look(site, slug).status_code == 404
    assert look(site, "nothing-here").status_code == 404


@pytest.fixture
def small(settings: Settings) -> Iterator[Site]:
    """A site with room for three pages."""
    with TestClient(make_app(settings.model_copy(update={"ready_pages_bytes": 15_000}))) as client:
        yield Site(client)


def test_there_is_room_for_so_much_and_no_more(small: Site) -> None:
    slugs = [small.do(small.world.article) for _ in range(8)]
    before = made()
    for slug in [*slugs, slugs[-1]]:
        look(small, slug)
    assert made() == before + len(slugs)  # the last one was kept
    look(small, slugs[0])
    assert made() == before + len(slugs) + 1  # the first had to go


def test_to_keep_a_page_takes_no_longer_the_more_are_kept() -> None:
    """Whoever invents cursors makes thousands of small ones."""
    pages, shown = KeptPages(most_bytes=5_000 * (BESIDE + 10)), Shown(1, 1, 0, 1, "epoch")
    began = time.process_time()
    for number in range(10_000):
        pages.put(("slug", f"after={number}"), Kept(shown, b"0123456789", [], None, 0.0, 0.0, 0.0))
    assert time.process_time() - began < 1  # some 0.05 s; had each been compared with all, a minute
    assert len(pages._kept) == 5_000


async def test_many_who_come_at_once_wait_for_one_page(site: Site, slug: str) -> None:
    before = made()
    pages = await asyncio.gather(*(asyncio.to_thread(look, site, slug) for _ in range(20)))
    assert made() == before + 1
    assert len({page.text for page in pages}) == 1


def test_who_comes_while_a_page_is_made_anew_gets_the_one_before(
    site: Site, slug: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = look(site, slug)
    site.do(site.world.post, slug, "News.")
    being_asked, go_on, read = Event(), Event(), site.database.read

    async def read_later(*arguments: Any, **named: Any) -> Any:
        being_asked.set()
        await asyncio.to_thread(go_on.wait, 10)
        return await read(*arguments, **named)

    monkeypatch.setattr(site.database, "read", read_later)
    with ThreadPoolExecutor() as others:
        first = others.submit(look, site, slug)
        assert being_asked.wait(10)
        assert look(site, slug).text == before.text
        go_on.set()
        assert "News." in first.result().text


def test_a_new_name_shows_after_a_minute_though_nothing_else_changes(
    site: Site, slug: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    look(site, slug)
    renamed = update(Account).where(Account.handle == "nora").values(display_name="Eleonora")
    site.do(site.database.write, lambda db: db.execute(renamed) and None)
    assert "Eleonora" not in look(site, slug).text
    for limit in ("kept_pages.MOST_SECONDS", "kept_pages.TRUSTED_SECONDS", "comments.kept.MOST_SECONDS"):
        monkeypatch.setattr(f"forum.{limit}", 0)
    assert "Eleonora" in look(site, slug).text


def test_reading_goes_on_while_the_database_cannot_be_asked(
    site: Site, slug: str, monkeypatch: pytest.MonkeyPatch
) -> None:

    page = look(site, slug)

    async def fail(*_: object, **__: object) -> None:
        raise OperationalError("SELECT", {}, Exception("database is locked"))

    monkeypatch.setattr(site.database, "read", fail)
    assert look(site, slug).text == page.text
