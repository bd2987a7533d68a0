"""Switches act on a running site: without a restart, and on whoever writes from then on."""

import asyncio
import urllib.request

from httpx2 import Response

from forum.accounts.sessions import read_viewer
from forum.config import Settings
from forum.database import Database, open_database
from forum.permissions import Role
from forum.site.switches import Switch, Switchboard, set_switches
from tests.accounts.site import JSON, PASSWORD, Site, words
from tests.server import Server
from tests.stored import everything
from tests.waiting import until

FORM = {"handle": "imke", "display_name": "Imke", "password": PASSWORD}


def throw(site: Site, switch: Switch, *, on: bool = True) -> None:
    """Set a switch as the command does."""
    site.do(site.database.write, set_switches, admin=None, positions={switch: on})


def test_a_read_only_site_stores_nothing_and_keeps_the_text(site: Site) -> None:
    slug = site.do(site.world.article)
    comment = site.do(site.world.post, slug, by="nora")
    nora, admin = site.do(site.world.sign_in, "nora"), site.do(site.world.sign_in, "anna", Role.ADMIN)
    throw(site, Switch.READ_ONLY)
    before = site.do(site.database.read, everything)
    asked: list[tuple[str, dict[str, str], str | None]] = [
        (f"/articles/{slug}/comments", {"body": "Kept-text."}, nora),
        (f"/comments/{comment}/edit", {"body": "Kept-text.", "version": "1"}, nora),
        (f"/comments/{comment}/delete", {}, nora),
        (f"/comments/{comment}/vote", {"value": "1"}, admin),
        (f"/comments/{comment}/remove", {"reason": "Rude."}, admin),
        ("/accounts/nora/ban", {"reason": "Rude."}, admin),
        ("/settings/profile", {"display_name": "Norah"}, nora),
        ("/site", {"name": "Kept-text."}, admin),
        ("/register", FORM, None),
    ]
    for path, form, token in asked:
        page, program = site.post(path, form, token), site.post(path, form, token, headers=JSON)
        assert (path, page.status_code, program.status_code) == (path, 503, 503)
        assert program.json()["error"]["code"] == "read_only"
        assert program.headers["retry-after"] == "60"
        assert "can only be read for now" in words(page)
        assert "Kept-text." in page.text or "Kept-text." not in form.values()
    assert site.do(site.database.read, everything) == before
    assert "can only be read for now" in words(site.get(f"/articles/{slug}"))


def test_people_sign_in_and_out_of_a_read_only_site(site: Site) -> None:
    site.register("imke")
    throw(site, Switch.READ_ONLY)
    answer = site.post("/sign-in", {"login": "imke", "password": PASSWORD})
    assert answer.status_code == 303
    token = answer.cookies["forum"]
    assert site.post("/sign-out", {}, token).status_code == 303
    assert site.do(site.database.read, read_viewer, token) is None


def test_an_admin_switches_a_read_only_site_back(site: Site) -> None:
    slug = site.do(site.world.article)
    nora, admin = site.do(site.world.sign_in, "nora"), site.do(site.world.sign_in, "anna", Role.ADMIN)
    assert site.post("/site/switches", {"read_only": "1", "sockets_off": "1"}, admin).status_code == 303
    assert site.post(f"/articles/{slug}/comments", {"body": "Not yet."}, nora).status_code == 503
    form = site.get("/site", admin).text
    assert [f'name="{switch.column}" value="1" checked' in form for switch in Switch] == [True, True, False]
    assert site.post("/site/switches", {}, admin).status_code == 303
    assert site.post(f"/articles/{slug}/comments", {"body": "Now."}, nora).status_code == 303


def test_while_registration_is_closed_nobody_makes_an_account(site: Site) -> None:
    throw(site, Switch.REGISTRATION_CLOSED)
    page = site.get("/register")
    assert "No new accounts can be made for now." in words(page)
    assert 'action="/register"' not in page.text
    assert site.post("/register", FORM).status_code == 403
    refused: Response = site.post("/register", FORM, headers=JSON)
    assert refused.json()["error"]["message"].startswith("No new accounts")
    throw(site, Switch.REGISTRATION_CLOSED, on=False)
    assert site.post("/register", FORM).status_code == 303


async def test_another_process_hears_of_a_switch_within_five_seconds(database: Database, settings: Settings) -> None:
    board = Switchboard(database)
    assert not (await board.now()).sockets_off
    other = open_database(settings)
    await other.write(set_switches, admin=None, positions={Switch.SOCKETS_OFF: True})
    await other.close()
    async with asyncio.timeout(5):
        while not (await board.now()).sockets_off:  # noqa: ASYNC110 - set by another process
            await asyncio.sleep(0.01)
    assert not (await board.now()).read_only


async def test_the_command_switches_a_served_site(server: Server) -> None:
    def notice() -> bool:
        with urllib.request.urlopen(server.url + "/") as answer:
            return b"can only be read for now" in answer.read()

    assert not notice()
    assert server.command("switch", "read-only", "on") == "read-only is on.\n"
    await until(notice)
    server.command("switch", "read-only", "off")
    await until(lambda: not notice())
