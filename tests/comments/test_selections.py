"""What is shown alone: what the newsroom says, its staff and the article's author."""

import pytest
from sqlalchemy import update

from forum.articles.models import Article
from forum.comments.windows import TOP_LEVEL
from forum.database import Db
from forum.permissions import Role
from tests.accounts.site import Site


def shown(site: Site, slug: str, cursor: str = "") -> list[int]:
    """The comments of the page that shows what the newsroom says, in its order."""
    page = site.get(f"/articles/{slug}?show=newsroom{cursor}").text
    return [int(part.partition('"')[0]) for part in page.split('data-comment="')[1:]]


def let_write(db: Db, slug: str, account_id: int) -> None:
    """Make somebody the article's author."""
    db.execute(update(Article).where(Article.slug == slug).values(author_id=account_id))


@pytest.fixture
def slug(site: Site) -> str:
    """An article whose author is a reader otherwise."""
    slug = site.do(site.world.article)
    author = site.do(site.world.account, "ada")
    site.do(site.database.write, let_write, slug, author.account_id)
    return slug


def test_staff_and_the_articles_author_are_the_newsroom_and_readers_are_not(site: Site, slug: str) -> None:
    world, elsewhere = site.world, site.do(site.world.article, "Elsewhere")
    site.do(world.account, "mona", Role.MODERATOR)
    question = site.do(world.post, slug, "A question.", by="nora")
    answers = [site.do(world.post, slug, "An answer.", by=who, parent=question) for who in ("ada", "eddie", "mona")]
    site.do(world.post, slug, "Thanks.", by="nora", parent=answers[0])
    site.do(world.post, elsewhere, "Under another article a reader like any.", by="ada")
    site.do(world.post, slug, "Held for now.", by="eddie", held=True)
    assert shown(site, slug) == answers[::-1]
    assert shown(site, elsewhere) == []


@pytest.mark.parametrize("who", ["ada", "eddie"])
def test_the_way_there_stands_at_the_discussion_once_one_of_them_has_written(site: Site, slug: str, who: str) -> None:
    site.do(site.world.post, slug, "A question.", by="nora")
    assert "data-newsroom hidden" in site.get(f"/articles/{slug}").text
    site.do(site.world.post, slug, "An answer.", by=who)
    assert "data-newsroom hidden" not in site.get(f"/articles/{slug}").text


def test_it_goes_on_after_a_page(site: Site, slug: str) -> None:
    answers = [site.do(site.world.post, slug, "An answer.", by="ada") for _ in range(TOP_LEVEL + 3)][::-1]
    assert shown(site, slug) == answers[:TOP_LEVEL]
    assert shown(site, slug, f"&after={answers[TOP_LEVEL - 1]}") == answers[TOP_LEVEL:]
