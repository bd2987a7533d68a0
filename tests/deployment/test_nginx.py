"""deploy/nginx.conf, as it stands there, before two real processes on PostgreSQL and Valkey."""

import asyncio
import json
import re
import ssl
import subprocess
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
from websockets.asyncio.client import connect

from forum.config import Settings
from forum.database import open_database
from forum.life import settle_life
from forum.routes import ROOM_FOR_A_SENTENCE
from forum.site.queries import read_site
from tests.conftest import empty_site
from tests.deployment.proxy import nginx
from tests.live.open_page import OpenPage
from tests.live.page import listening
from tests.live.poster import Poster
from tests.server import Server, free_port
from tests.valkey import Valkey
from tests.waiting import until
from tests.world import World

pytestmark = pytest.mark.anyio
MANUAL = Path(__file__).parents[2] / "docs/deploying.md"
JSON = {"accept": "application/json"}
FAILED_SIGN_INS = 3


@dataclass
class Site:
    """Two processes, and the proxy before them."""

    processes: tuple[Server, Server]
    front: Server
    """Not a process of ours: where the proxy listens."""

    def browser(self, token: str = "", address: str = "127.0.0.1") -> httpx2.AsyncClient:
        """Somebody who comes through the proxy, from an address of this machine."""
        transport = httpx2.AsyncHTTPTransport(local_address=address)
        cookies = {"forum": token} if token else None
        return httpx2.AsyncClient(base_url=self.front.url, transport=transport, cookies=cookies, trust_env=False)


@pytest.fixture(scope="module")
def behind(request: pytest.FixtureRequest, valkey: Valkey, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site of this module: rates are limited, by addresses seen through the proxy alone."""
    folder = tmp_path_factory.mktemp("behind")
    with pytest.MonkeyPatch.context() as environment, empty_site("postgres", folder, request) as empty:
        environment.setenv("FORUM_TRUSTED_PROXIES", "127.0.0.1/32")
        environment.setenv("FORUM_FAILED_SIGN_INS_PER_TEN_MINUTES", str(FAILED_SIGN_INS))
        environment.setenv("FORUM_COMMENT_PAUSE", "0")
        environment.setenv("FORUM_COMMENTS_PER_TEN_MINUTES", "0")
        environment.setenv("FORUM_TEXTS_PER_MINUTE", "0")
        settings = empty.model_copy(update={"redis_url": valkey.url, "limits": "on"})
        one, two = (Server(settings, free_port(), folder / f"{number}.log") for number in (1, 2))
        port = free_port()
        with nginx(folder / "nginx", (one, two), port), ThreadPoolExecutor() as starting:
            try:
                list(starting.map(Server.start, (one, two)))
                yield Site((one, two), Server(settings, port, folder / "none.log"))
            finally:
                one.stop()
                two.stop()


@pytest.fixture
async def world(behind: Site) -> AsyncIterator[World]:
    """The people of the site, acting on its database."""
    database = open_database(behind.front.settings)
    await settle_life(database, behind.front.settings)
    yield World(database)
    await database.close()


async def epoch_of(world: World) -> str:
    return (await world.database.read(read_site)).epoch


async def test_a_comment_that_is_posted_through_the_proxy_reaches_the_pages_of_both_processes(
    behind: Site, world: World
) -> None:
    slug = await world.article()
    article, epoch = await world.article_id(slug), await epoch_of(world)
    async with AsyncExitStack() as stack, behind.browser(await world.sign_in("nora")) as nora:
        pages = [await stack.enter_async_context(listening(behind.front, article, epoch=epoch)) for _ in range(6)]
        posted = await nora.post(f"/articles/{slug}/comments", data={"body": "Through it."}, headers=JSON)
        assert posted.status_code == 201, posted.text
        for page in pages:
            await page.until(lambda page: posted.json()["id"] in page.page.comments)
            await page.until(lambda page: any(frame.get("readers") == 6 for frame in page.frames))


async def test_limits_count_the_readers_address_and_not_what_it_claims(behind: Site) -> None:
    async def try_to_sign_in(address: str, number: int) -> int:
        claims = JSON | {"x-forwarded-for": f"192.0.2.{number}", "forwarded": f"for=192.0.2.{number}"}
        async with behind.browser(address=address) as somebody:
            form = {"login": f"nobody{address[-1]}{number}", "password": "a wrong password"}
            return (await somebody.post("/sign-in", data=form, headers=claims)).status_code

    first = [await try_to_sign_in("127.0.0.2", number) for number in range(FAILED_SIGN_INS + 1)]
    assert first == [422] * FAILED_SIGN_INS + [429]
    assert await try_to_sign_in("127.0.0.3", 0) == 422


async def test_what_a_process_counts_is_not_to_be_had_through_the_proxy(behind: Site) -> None:
    async with behind.browser() as somebody:
        assert (await somebody.get("/metrics")).status_code == 404
        assert (await somebody.get(behind.processes[0].url + "/metrics")).status_code == 200


async def test_guests_share_a_page_and_it_is_never_given_to_or_taken_from_anybody_else(
    behind: Site, world: World
) -> None:
    path = f"/articles/{await world.article('A page for guests')}"
    token = await world.sign_in("petra")
    async with behind.browser() as guest, behind.browser(token) as petra:
        hers = await petra.get(path)
        first = await guest.get(path)
        second = await guest.get(path)
        hers_again = await petra.get(path)
        third = await guest.get(path)
    assert [answer.headers["x-cache"] for answer in (hers, first, second, hers_again, third)] == [
        "BYPASS",
        "MISS",
        "HIT",
        "BYPASS",
        "HIT",
    ]
    for page in (hers, hers_again):
        assert 'data-viewer="petra"' in page.text
        assert page.headers["cache-control"] == "private, no-cache"
    for page in (first, second, third):
        assert "petra" not in page.text
        assert "set-cookie" not in page.headers
    assert first.content == second.content == third.content


@pytest.mark.parametrize("cookie", ["forum=x", "__Host-forum=x", "a=b; forum=x", "a=b;forum = x", "forum=x; a=b"])
async def test_whoever_may_have_a_session_is_not_answered_from_the_cache(
    behind: Site, world: World, cookie: str
) -> None:
    path = f"/articles/{await world.article('A cached page')}"
    async with behind.browser() as guest:
        await guest.get(path)
        assert (await guest.get(path)).headers["x-cache"] == "HIT"
        assert (await guest.get(path, headers={"cookie": cookie})).headers["x-cache"] == "BYPASS"


async def test_a_form_and_what_is_one_persons_is_not_kept(behind: Site) -> None:
    async with behind.browser() as guest:
        for path in ("/sign-in", "/settings/profile", "/settings/profile?a.css", "/readyz"):
            assert [(await guest.get(path)).headers["x-cache"] for _ in range(2)] == ["MISS", "MISS"], path


async def test_static_files_are_kept_for_good_and_come_as_compressed_as_they_are(behind: Site) -> None:
    async with behind.browser() as guest:
        front = await guest.get("/")
        path = next(part for part in front.text.split('"') if part.startswith("/static/") and part.endswith(".css"))
        answers = {
            encoding: [await guest.get(path, headers={"accept-encoding": encoding}) for _ in range(2)]
            for encoding in ("br", "gzip", "identity")
        }
    for encoding, (first, second) in answers.items():
        assert (first.headers["x-cache"], second.headers["x-cache"]) == ("MISS", "HIT")
        assert first.headers.get("content-encoding", "identity") == encoding
        assert first.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert first.text == second.text == answers["identity"][0].text


async def test_what_is_too_large_is_refused_in_the_forums_words_and_far_beyond_by_the_proxy(
    behind: Site, world: World
) -> None:
    slug = await world.article()
    settings = Settings()
    async with behind.browser(await world.sign_in("tom")) as tom:
        form = await tom.post(f"/articles/{slug}/comments", data={"body": "a" * 400_000}, headers=JSON)
        flood = await tom.post(f"/articles/{slug}/comments", data={"body": "a" * 2_000_000}, headers=JSON)
        large = settings.image_bytes * ROOM_FOR_A_SENTENCE - 1000
        picture = await tom.post("/settings/avatar", files={"image": b"a" * large}, headers=JSON)
        vast = await tom.post("/settings/avatar", files={"image": b"a" * 22_000_000}, headers=JSON)
    assert (form.status_code, form.json()["error"]["code"]) == (413, "too_large")
    assert (picture.status_code, picture.json()["error"]["field"]) == (413, "image")
    assert [refused.status_code for refused in (flood, vast)] == [413, 413]
    assert "nginx" in flood.text
    assert "nginx" in vast.text


async def test_pages_and_sockets_come_by_https_with_the_lines_of_the_manual(
    behind: Site, world: World, tmp_path: Path
) -> None:
    article, epoch = await world.article_id(await world.article()), await epoch_of(world)
    certificate, key = tmp_path / "fullchain.pem", tmp_path / "privkey.pem"
    make_certificate(certificate, key)
    trusting = ssl.create_default_context(cafile=str(certificate))
    written = re.search(r"^    listen 443 ssl.*?\n\n", MANUAL.read_text(), re.MULTILINE | re.DOTALL)
    assert written
    lines = written[0].replace("    listen [::]:443 ssl http2;\n", "")  # not every machine has IPv6
    lines = re.sub(r"/\S+/(fullchain|privkey)\.pem", rf"{tmp_path}/\1.pem", lines)
    port = free_port()
    with nginx(tmp_path / "nginx", behind.processes, port, lines.replace("listen 443", f"listen 127.0.0.1:{port}")):
        async with httpx2.AsyncClient(verify=trusting, trust_env=False) as guest:
            assert (await guest.get(f"https://127.0.0.1:{port}/")).status_code == 200
        address = f"wss://127.0.0.1:{port}/live?article={article}&after=0&epoch={epoch}"
        async with connect(address, ssl=trusting, origin=f"https://127.0.0.1:{port}") as socket:  # type: ignore[arg-type]
            assert json.loads(await asyncio.wait_for(socket.recv(), 5))["type"] in ("changes", "sampled")


def make_certificate(certificate: Path, key: Path) -> None:
    """A certificate for this machine, signed by itself."""
    subject = ["-subj", "/CN=forum", "-addext", "subjectAltName=IP:127.0.0.1"]
    new = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "2",
    ]
    subprocess.run([*new, *subject, "-keyout", key, "-out", certificate], check=True, capture_output=True)


async def test_nothing_is_lost_while_one_process_restarts_and_then_the_other_stops(behind: Site, world: World) -> None:
    slug = await world.article()
    article, epoch = await world.article_id(slug), await epoch_of(world)
    one, two = behind.processes
    pages = [OpenPage(behind.front, article, epoch) for _ in range(8)]
    async with (
        behind.browser(await world.sign_in("rita")) as browser,
        behind.browser() as guest,
        asyncio.TaskGroup() as group,
    ):
        await guest.get(f"/articles/{slug}")
        rita = Poster(browser, slug, "Rita")
        staying = [group.create_task(page.stay()) for page in pages]
        posting = group.create_task(rita.post())
        looking = group.create_task(look(browser, slug, rita))
        await until(lambda: all(page.is_live for page in pages), seconds=10)
        await stop_under_load(one, pages, rita)
        await asyncio.to_thread(one.start)
        await stop_under_load(two, pages, rita)
        rita.is_done = True
        await asyncio.gather(posting, looking)
        await until(lambda: all(page.page.comments.keys() >= rita.acknowledged for page in pages), seconds=10)
        for task in staying:
            task.cancel()
        assert await versions_seen(guest, slug, pages[0].page.version) == {"STALE": 0, "HIT": pages[0].page.version}
    assert all(page.page.comments.keys() == rita.acknowledged for page in pages), "what was refused is there"
    assert {close for page in pages for close in page.closes} == {(1012, "wait=1")}
    assert sum(len(page.closes) for page in pages) >= len(pages), "each process had pages"


async def stop_under_load(process: Server, pages: list[OpenPage], poster: Poster) -> None:
    """Stop a process; its pages come back through the other, and posting goes on."""
    await asyncio.to_thread(process.stop)
    before = len(poster.acknowledged)
    await until(lambda: all(page.is_live for page in pages), seconds=10)
    await until(lambda: len(poster.acknowledged) > before + 3, seconds=10)


async def versions_seen(guest: httpx2.AsyncClient, slug: str, newest: int) -> dict[str, int]:
    """What a guest's pages are, and how old, until the newest has come: it is fetched behind the answer."""
    seen: dict[str, int] = {}
    async with asyncio.timeout(10):
        while newest not in seen.values():
            page = await guest.get(f"/articles/{slug}")
            version = re.search(r'data-version="(\d+)"', page.text)
            assert version
            if page.headers["x-cache"] != "UPDATING":
                seen[page.headers["x-cache"]] = int(version[1])
    return seen


async def look(browser: httpx2.AsyncClient, slug: str, poster: Poster) -> None:
    """Load the page for as long as somebody posts: there is always a process that answers."""
    while not poster.is_done:
        page = await browser.get(f"/articles/{slug}")
        assert page.status_code == 200, page.text
