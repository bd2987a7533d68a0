"""A profile: who somebody is, and what they have written, for each who looks."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Update, event, update
from sqlalchemy.engine import Engine

from forum.articles.models import Article, DiscussionState, Publication
from forum.database import Db
from forum.moderation.bans import Ban, ban_account
from forum.moderation.removals import hold_comment, remove_comment
from forum.permissions import Role
from tests.accounts.site import Site, token_of, words

on_sqlite = pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
"""For what no database can make different."""


def execute(db: Db, statement: Update) -> None:
    """Change rows as no action does."""
    db.execute(statement)


def moderate(site: Site, action: Any, comment: int, **how: str) -> None:
    """A moderator does something to a comment."""
    moderator = site.do(site.world.account, "moe", Role.MODERATOR)
    site.do(site.database.write, action, moderator=moderator, comment_id=comment, **how)


def listed(page: str) -> list[int]:
    """The comments on a profile, in their order."""
    return [int(id_) for id_ in re.findall(r'<p class="profile-where">.*?href="/comments/(\d+)#', page)]


@on_sqlite
def test_a_profile_says_who_somebody_is_and_since_when(site: Site) -> None:
    site.register("imke", display_name="Imke B.")
    page = site.get("/accounts/imke").text
    assert "<bdi>Imke B.</bdi>" in page
    assert "@imke" in page
    assert "badge-staff" not in page
    assert re.search(r"Here since \d+ \w+ 20\d\d", page)
    assert "0 comments" in page
    assert "imke@" not in page


@on_sqlite
@pytest.mark.parametrize(
    ("role", "badge"), [(Role.MODERATOR, "Moderator"), (Role.EDITOR, "Editor"), (Role.ADMIN, "Admin")]
)
def test_whoever_works_for_the_site_has_a_badge(site: Site, role: Role, badge: str) -> None:
    site.do(site.world.account, "moe", role)
    assert f'<span class="badge badge-staff">{badge}</span>' in site.get("/accounts/moe").text


def test_comments_stand_newest_first_with_their_article_and_whom_they_answer(site: Site) -> None:
    slug, other = site.do(site.world.article, "The bridge"), site.do(site.world.article, "The tram")
    first = site.do(site.world.post, slug, "It **closes**.", by="nora")
    answer = site.do(site.world.post, slug, "So it does.", by="imke", parent=first)
    last = site.do(site.world.post, other, "And the tram?", by="imke")
    page = site.get("/accounts/imke").text
    assert listed(page) == [last, answer]
    assert "2 comments" in page
    assert f'<a href="/articles/{other}">The tram</a>' in page
    assert f'<a href="/comments/{first}#comment-{first}">in reply to @nora</a>' in page
    assert "<strong>closes</strong>" in site.get("/accounts/nora").text


def test_nobody_is_named_by_a_reply_to_what_was_deleted(site: Site) -> None:
    slug = site.do(site.world.article)
    first = site.do(site.world.post, slug, by="nora")
    site.do(site.world.post, slug, by="imke", parent=first)
    site.do(site.world.delete, first, by="nora")
    assert "nora" not in site.get("/accounts/imke").text


def test_older_comments_come_page_by_page_each_once(site: Site) -> None:
    slug = site.do(site.world.article)

    async def write() -> list[int]:
        return [await site.world.post(slug, f"Number {number}.", by="imke") for number in range(60)]

    written = site.do(write)
    page, seen = site.get("/accounts/imke").text, list[int]()
    while True:
        seen += listed(page)
        older = re.search(r'rel="next" href="([^"]*\?older=[^"]*)"', page)
        if older is None:
            break
        page = site.get(older[1]).text
    assert seen == written[::-1]
    assert "60 comments" in page


@pytest.mark.parametrize("older", ["x", "", "-1", "9" * 30, "1.5", "4711"])
@on_sqlite
def test_a_link_to_older_comments_that_is_not_ours_is_refused(site: Site, older: str) -> None:
    site.register("imke")
    assert site.get(f"/accounts/imke?older={older}").status_code == 400


def test_a_comment_of_another_is_no_place_to_go_on_from(site: Site) -> None:
    comment = site.do(site.world.post, site.do(site.world.article), by="nora")
    site.register("imke")
    assert site.get(f"/accounts/imke?older={comment}").status_code == 400


def test_what_is_held_or_removed_is_seen_by_its_author_alone_with_the_reason(site: Site) -> None:
    slug, own = site.do(site.world.article), token_of(site.register("imke"))
    never_public = site.do(site.world.post, slug, "One held at once.", by="imke", held=True)
    held = site.do(site.world.post, slug, "Two held later.", by="imke")
    moderate(site, hold_comment, held)
    removed = site.do(site.world.post, slug, "Three removed.", by="imke")
    moderate(site, remove_comment, removed, reason="attack")
    answered = site.do(site.world.post, slug, "Four removed with a reply.", by="imke")
    site.do(site.world.post, slug, by="nora", parent=answered)
    moderate(site, remove_comment, answered, reason="spam")
    deleted = site.do(site.world.post, slug, "Five deleted.", by="imke")
    site.do(site.world.delete, deleted, by="imke")
    visible = site.do(site.world.post, slug, "Six visible.", by="imke")

    page = words(site.get("/accounts/imke", own))
    assert listed(page) == [visible, answered, removed, held, never_public]
    assert "Removed by a moderator, seen by you alone: personal attack." in page
    assert "Removed by a moderator, seen by you alone: advertising or spam." in page
    assert page.count("Held, seen by you alone.") == 2
    assert "1 comment<" in page
    moderator = site.do(site.world.sign_in, "moe", Role.MODERATOR)
    for token in (None, token_of(site.register("nora2")), moderator):
        page = site.get("/accounts/imke", token).text
        assert listed(page) == [visible]
        assert "1 comment<" in page
        for text in ("One held", "Two held", "Three removed", "Four removed", "Five deleted"):
            assert text not in page


def test_comments_of_articles_that_cannot_be_read_are_not_shown(site: Site) -> None:
    site.do(site.world.post, site.do(site.world.article), by="imke")
    own = site.do(site.world.sign_in, "imke")
    for hidden in ({"discussion": DiscussionState.OFF}, {"publication": Publication.DRAFT}):
        change = update(Article).values({"discussion": "open", "publication": "published"} | hidden)
        site.do(site.database.write, execute, change)
        for token in (None, own):
            page = site.get("/accounts/imke", token).text
            assert listed(page) == []
            assert "0 comments" in page


@on_sqlite
def test_that_somebody_is_banned_is_said_to_all_but_why_only_to_moderators(site: Site) -> None:
    site.register("imke")
    ban = Ban("Told lies about the tram", datetime(2126, 5, 3, tzinfo=UTC))
    site.do(site.database.write, ban_account, moderator=None, handle="imke", ban=ban)
    page = site.get("/accounts/imke").text
    assert "Banned until 3 May 2126." in page
    assert "Told lies" not in page
    assert "Told lies" in site.get("/accounts/imke", site.do(site.world.sign_in, "moe", Role.MODERATOR)).text


def test_a_profile_has_one_address_and_other_spellings_lead_there(site: Site) -> None:
    site.register("Łukasz")
    for spelling in ("łukasz", "ŁUKASZ"):
        answer = site.get(f"/accounts/{spelling}")
        assert answer.status_code == 301
        assert site.get(answer.headers["location"]).status_code == 200
    for unknown in ("nobody", "x", "@", "%00", "a" * 300, "%F0%9F"):
        assert site.get(f"/accounts/{unknown}").status_code == 404


@on_sqlite
def test_guests_pages_may_be_cached_for_seconds_and_those_of_accounts_by_nobody(site: Site) -> None:
    token = token_of(site.register("imke"))
    guests = site.get("/accounts/imke")
    assert guests.headers["cache-control"] == "public, max-age=0, s-maxage=5, stale-while-revalidate=60"
    assert "Cookie" in guests.headers["vary"]
    assert "set-cookie" not in guests.headers
    assert site.get("/accounts/imke", token).headers["cache-control"] == "private, no-cache"


@on_sqlite
def test_a_profile_takes_at_most_eight_queries(site: Site) -> None:
    slug, token = site.do(site.world.article), token_of(site.register("imke"))
    for _ in range(3):
        site.do(site.world.post, slug, by="imke")
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.startswith(("SELECT", "WITH")):
            statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        site.get("/accounts/imke", token)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert 0 < len(statements) <= 8
