"""Whatever people write into whichever field: nothing that comes out on pages, in answers and messages can be run."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from httpx2 import Response

from forum.permissions import Role
from tests.accounts.site import JSON, PASSWORD, Site
from tests.articles.newspaper import picture
from tests.executable import executable

ATTACKS = [
    line.replace("\\n", "\n")
    for line in (Path(__file__).parent / "corpora/xss.txt").read_text().splitlines()
    if not line.startswith("%%")
]
ON_ONE_LINE = [" ".join(attack.split()) for attack in ATTACKS]
SHORT = [attack for attack in ON_ONE_LINE if len(attack) <= 60]


@pytest.fixture
def kind() -> str:
    """What comes out does not depend on the database."""
    return "sqlite"


def harmless(response: Response, *, status: tuple[int, ...] = (200,)) -> Response:
    """The response, of that status, once nothing in it can be run."""
    assert response.status_code in status, response.text[:2000]
    if response.headers["content-type"].startswith("text/html"):
        assert executable(response.text) == []
    else:
        assert response.headers["content-type"] == "application/json"
        assert response.headers["x-content-type-options"] == "nosniff"
    return response


def test_the_checker_sees_what_the_corpus_tries() -> None:
    """Else all tests here would prove nothing. What is no HTML at all may pass for harmless."""
    seen = [attack for attack in ATTACKS if executable(attack)]
    assert len(seen) > len(ATTACKS) / 3
    for attack in ("<b onclick=x>", "<a href='java\tscript:x'>", "<script src=//x>", "<form action=https://x>"):
        assert executable(attack)


def test_comments_are_harmless_on_pages_and_in_messages(site: Site) -> None:
    slug, token = site.do(site.world.article), site.do(site.world.sign_in, "nora")
    for attack in ATTACKS:
        posted = site.post(f"/articles/{slug}/comments", {"body": attack}, token, headers=JSON)
        if posted.status_code == 201:
            assert executable(posted.json()["html"]) == [], attack
        else:
            assert posted.status_code == 422, attack
        harmless(site.post("/comments/preview", {"body": attack, "slug": slug}, token), status=(200, 422))
    for page in _pages(site, f"/articles/{slug}?sort=oldest"):
        harmless(page)
    changes = harmless(site.get(f"/articles/{slug}/changes?after=0&epoch={_epoch(site)}")).json()
    assert len(changes["comments"]) > len(ATTACKS) * 0.9
    assert [item["id"] for item in changes["comments"] if executable(item["html"])] == []
    for number in range(0, len(ATTACKS), 20):
        harmless(site.get(f"/comments/{changes['comments'][number]['id']}", token))
    harmless(site.get("/accounts/nora"))


def test_a_socket_carries_the_same_harmless_text(site: Site) -> None:
    slug, token = site.do(site.world.article), site.do(site.world.sign_in, "nora")
    article = site.do(site.world.article_id, slug)
    with site.client.websocket_connect(f"/live?article={article}&after=0&epoch={_epoch(site)}") as socket:
        for attack in ATTACKS[::10]:
            if site.post(f"/articles/{slug}/comments", {"body": attack}, token).status_code == 303:
                frame = socket.receive_json()
                while frame["type"] != "changes":
                    frame = socket.receive_json()
                assert [item for item in frame["comments"] if executable(item["html"])] == [], attack


def test_display_names_are_harmless_wherever_they_stand(site: Site) -> None:
    slug, token = site.do(site.world.article), site.do(site.world.sign_in, "nora")
    comment = site.do(site.world.post, slug)
    moderator = site.do(site.world.sign_in, "maria", Role.MODERATOR)
    taken = 0
    for attack in ON_ONE_LINE:
        answer = site.post("/settings/profile", {"display_name": attack}, token)
        if answer.status_code == 303:
            taken += 1
            for path in ("/accounts/nora", f"/articles/{slug}", f"/comments/{comment}")[taken % 3 :][:1]:
                harmless(site.get(path, moderator if taken % 2 else token))
        else:
            harmless(answer, status=(422,))
    assert taken > 10


def test_articles_are_harmless_with_all_their_fields(site: Site) -> None:
    editor, image = site.do(site.world.sign_in, "eddie", Role.EDITOR), picture(40, 30)
    names = ["headline", "standfirst", "byline", "edited_by", "alt", "caption", "credit", "tags", "sections", "author"]
    published = 0
    for start in range(0, len(ATTACKS), len(names)):
        form = {name: SHORT[(start + place) % len(SHORT)] for place, name in enumerate(names)}
        form |= {"author": "", "state": "published", "body": "\n\n".join(ATTACKS[start : start + len(names)])}
        form["tags"], form["sections"] = form["tags"][:40].replace(",", ""), form["sections"][:40].replace(",", "")
        harmless(site.post("/editor/preview", form, editor), status=(200, 422))
        harmless(site.post("/editor", form | {"author": "<b>", "slug": "<b>"}, editor), status=(422,))
        files = {"image": ("<img onerror=alert(1)>.png", image)} if start == 0 else None
        stored = site.post("/editor", form, editor, files=files)
        if stored.status_code == 303:
            published += 1
            slug = stored.headers["location"].removeprefix("/editor/").partition("?")[0]
            harmless(site.get(f"/articles/{slug}"))
            harmless(site.get(f"/editor/{slug}", editor))
        else:
            harmless(stored, status=(422,))
    assert published > 5
    harmless(site.get("/"))
    harmless(site.get("/editor", editor))


def test_the_sites_own_words_are_harmless_on_every_page(site: Site) -> None:
    admin = site.do(site.world.sign_in, "anna", Role.ADMIN)
    slug = site.do(site.world.article)
    stored = 0
    for attack in SHORT:
        form = {"name": attack, "appeal_text": attack, "appeal_button": attack[:40], "rules": attack}
        links = {"appeal_link": attack, "footer_links": f"{attack} | {attack}", "action_colour": attack}
        harmless(site.post("/site", form | links, admin), status=(422,))
        answer = site.post("/site", form | {"footer_links": f"{attack.replace('|', '')} | /rules"}, admin)
        if answer.status_code == 303:
            stored += 1
            harmless(site.get(("/", "/rules", "/site", f"/articles/{slug}")[stored % 4], admin))
        else:
            harmless(answer, status=(422,))
    assert stored > 10


def test_reports_and_bans_are_harmless_on_the_desk(site: Site) -> None:
    slug, moderator = site.do(site.world.article), site.do(site.world.sign_in, "maria", Role.MODERATOR)
    comments = [site.do(site.world.post, slug, f"Number {number}.", by="nora") for number in range(20)]
    omar = site.do(site.world.sign_in, "omar")
    for comment, attack in zip(comments, ON_ONE_LINE[::10], strict=False):
        assert site.post(f"/comments/{comment}/report", {"reason": "spam", "note": attack}, omar).status_code == 200
        harmless(site.post(f"/comments/{comment}/report", {"reason": attack, "note": attack}, omar), status=(422,))
    for attack in SHORT[::5]:
        harmless(site.post("/accounts/nora/ban", {"reason": attack, "until": attack}, moderator), status=(422,))
        assert site.post("/accounts/nora/ban", {"reason": attack, "until": "7"}, moderator).status_code == 303
        harmless(site.get("/accounts/nora/ban?next=" + quote(attack), moderator))
    for path in ("/moderation", "/moderation/log", "/accounts/nora"):
        harmless(site.get(path, moderator))


def test_a_bans_reason_is_harmless_where_the_banned_read_it(site: Site) -> None:
    site.register("imke")
    moderator = site.do(site.world.sign_in, "maria", Role.MODERATOR)
    for attack in SHORT[::10]:
        site.post("/accounts/imke/ban", {"reason": attack, "until": "7"}, moderator)
        assert "imke" in harmless(site.sign_in("imke", PASSWORD), status=(403,)).text


@pytest.mark.parametrize("where", ["/sign-in?next={}", "/register?next={}", "/accounts/{}", "/articles/{}", "/{}"])
def test_what_an_address_holds_is_not_run(site: Site, where: str) -> None:
    for attack in ATTACKS:
        harmless(site.get(where.format(quote(attack, safe=""))), status=(200, 404))


def test_what_was_typed_wrongly_comes_back_harmless(site: Site) -> None:
    token = site.do(site.world.sign_in, "nora")
    for attack in ATTACKS[::4]:
        agent = {"user-agent": attack.encode()}
        form = {"login": attack, "password": attack, "next": attack}
        harmless(site.post("/sign-in", form, headers=agent), status=(422,))
        form = {"handle": attack, "display_name": attack, "email": attack, "password": attack, "next": attack}
        harmless(site.post("/register", form), status=(422,))
        site.sign_in("nora", headers=agent)
    harmless(site.get("/settings/sessions", token))


def _pages(site: Site, path: str | None) -> Iterator[Response]:
    """A discussion's pages, by the links between them."""
    while path:
        page = site.get(path)
        yield page
        _before, _link, rest = page.text.partition('rel="next" href="')
        path = rest.partition('"')[0].replace("&amp;", "&") if _link else None


def _epoch(site: Site) -> str:
    page = site.get(f"/articles/{site.do(site.world.article)}").text
    return page.partition('data-epoch="')[2].partition('"')[0]
