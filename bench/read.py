"""What reading costs: a page as it is kept for guests, beside the same bytes as nginx's file; made anew at any size."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from random import Random

from sqlalchemy import select

from bench.figures import Budget, Figure
from bench.processes import cpu_seconds, with_children
from bench.programs import python, running
from bench.requests import Client
from bench.scale import Scale
from bench.site import Site, served
from forum.accounts.models import Account
from forum.articles.models import Article
from forum.comments.models import Comment
from forum.database import Db
from forum.demo.content import articles
from forum.demo.filling import Crowd, fill_discussion, texts_about
from forum.demo.shape import Shape, shape_of
from tests.server import free_port

ON_A_PAGE = 8
"""Comments of a branch that come with the page, so that all branches of this size make a page of 200."""
CONNECTIONS = 8
NGINX = """
daemon off; {user} pid {folder}/nginx.pid; error_log stderr error; worker_processes 1;
events {{ worker_connections 256; }}
http {{
  access_log {folder}/access.log; types {{ }} default_type text/html;
  client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
  uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e; sendfile on; keepalive_requests 1000000;
  server {{ listen 127.0.0.1:{port}; root {folder}; }}
}}
"""


@dataclass(frozen=True, slots=True)
class Served:
    """What answers: where, and by which processes."""

    client: Client
    pids: list[int]

    async def microseconds(self, paths: Iterable[str], requests: int, status: int = 200, **asked: str) -> float:
        """Processor time of its processes for one request, over connections that are kept."""
        addresses = iter(paths)
        await self._ask([next(addresses) for _ in range(CONNECTIONS)], status, asked)
        before = cpu_seconds(self.pids)
        for _ in range(requests // CONNECTIONS):
            await self._ask([next(addresses) for _ in range(CONNECTIONS)], status, asked)
        return (cpu_seconds(self.pids) - before) / (requests // CONNECTIONS * CONNECTIONS) * 1e6

    async def _ask(self, paths: list[str], status: int, asked: dict[str, str]) -> None:
        headers = {name.replace("_", "-"): value for name, value in asked.items()}
        for answer in await asyncio.gather(*(self.client.get(path, headers) for path in paths)):
            if answer.status != status:
                raise RuntimeError(f"{answer.status} instead of {status}: {answer.body[:200]!r}")


async def kept(folder: Path, scale: Scale) -> AsyncIterator[Figure]:
    """A page of 200 comments as guests get it, beside those that do nothing but send the same bytes."""
    async with served(folder) as site, AsyncExitStack() as peers:
        address, ours = await _filled(site, scale.sizes[0]), Served(site.client, site.pids)
        page = (await site.client.get(address, {"accept-encoding": "br"})).body
        files = await peers.enter_async_context(_nginx(folder / "nginx", page)) if shutil.which("nginx") else None
        plain = await peers.enter_async_context(_plain_asgi(folder / "page.html", page))
        group, requests = f"a page of 200 comments, {len(page) // 1000} kB compressed, kept for guests", scale.requests
        for_ours = await ours.microseconds(cycle([address]), requests, accept_encoding="br")
        for_plain = await plain.microseconds(cycle(["/"]), requests)
        yield Figure(group, "a page", for_ours, "µs", ("plain ASGI", for_plain))
        tag = (await site.client.get(address, {"accept-encoding": "br"})).etag
        unchanged = await ours.microseconds(cycle([address]), requests, 304, if_none_match=tag)
        if files:
            for_files = await files.microseconds(cycle(["/page.html"]), requests)
            yield Figure(
                group, "requests a second of a core", 1e6 / for_ours, "", ("nginx", 1e6 / for_files), _share(0.2)
            )
            tag = (await files.client.get("/page.html")).etag
            for_tags = await files.microseconds(cycle(["/page.html"]), requests, 304, if_none_match=tag)
            rival = ("nginx", 1e6 / for_tags)
            yield Figure(group, "304s a second of a core", 1e6 / unchanged, "", rival, _share(0.12))
        else:
            yield Figure(group, "304s a second of a core", 1e6 / unchanged, "")


async def made(folder: Path, scale: Scale) -> AsyncIterator[Figure]:
    """A page of 200 comments that is not kept, in discussions of any size; and what else is asked for."""
    smallest = 0.0
    for size in scale.sizes:
        async with served(folder / str(size)) as site:
            address, ours = await _filled(site, size), Served(site.client, site.pids)
            roots = await site.database.read(_roots, address.rpartition("/")[2])
            windows = [f"{address}?sort=oldest&after={root}" for root in roots[:: max(1, len(roots) // 300)]]
            cost = await ours.microseconds(cycle(windows), min(scale.requests, len(windows)) // 2) / 1000
            smallest = smallest or cost
            group = f"a discussion of {size:,} comments, 200 on the page"
            yield Figure(group, "made anew", cost, "ms", None, Budget(15, "ms"))
            yield Figure(
                group, "beside the smallest", cost, "ms", ("smallest", smallest), Budget(1.2, "", of_ratio=True)
            )
            cookie = f"forum={site.sign_ins[0]}"
            signed_in = await ours.microseconds(cycle([address]), min(scale.requests, 400), cookie=cookie) / 1000
            yield Figure(group, "to somebody signed in", signed_in, "ms")
            permalinks = [f"/comments/{root + 1}" for root in roots[:: max(1, len(roots) // 300)]]
            linked = await ours.microseconds(cycle(permalinks), min(scale.requests, 400)) / 1000
            yield Figure(group, "a comment's own page", linked, "ms")


async def _filled(site: Site, comments: int) -> str:
    """The address of an article with so many comments, in branches of which a page shows all."""
    slug = site.articles[0].slug
    authors = await site.database.read(_authors)
    await site.database.write(_fill, slug, shape_of(_branches(comments)), authors)
    return f"/articles/{slug}"


def _branches(comments: int) -> Iterator[int]:
    for row in range(comments):
        place = row % ON_A_PAGE
        yield row - (place + 1) // 2 if place else -1


def _fill(db: Db, slug: str, shape: Shape, authors: list[int]) -> None:
    rng = Random(4)
    for _written in fill_discussion(db, slug, shape, Crowd(authors, texts_about(articles()[0], rng), rng)):
        pass


def _authors(db: Db) -> list[int]:
    return list(db.execute(select(Account.id).where(Account.role == "reader")).scalars())


def _roots(db: Db, slug: str) -> list[int]:
    query = select(Comment.id).join(Article, Article.id == Comment.article_id)
    return list(db.execute(query.where(Article.slug == slug, Comment.parent_id.is_(None))).scalars())


def _share(limit: float) -> Budget:
    return Budget(limit, "", of_ratio=True, at_least=True)


@asynccontextmanager
async def _plain_asgi(file: Path, page: bytes) -> AsyncIterator[Served]:
    """An app that answers with these bytes whatever is asked, on the server that ours runs on."""
    file.write_bytes(page)
    port = free_port()
    async with running(*python("bench.plain_asgi", str(port), str(file))) as program:
        yield Served(await _ready(port, "/"), with_children(program.pid))


@asynccontextmanager
async def _nginx(folder: Path, page: bytes) -> AsyncIterator[Served]:
    """These bytes as a file of nginx's, with its access log on."""
    folder.mkdir()
    (folder / "page.html").write_bytes(page)
    port, user = free_port(), "user root;" if os.geteuid() == 0 else ""  # else its worker could not read the folder
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port, user=user))
    process = await asyncio.create_subprocess_exec("nginx", "-c", str(folder / "nginx.conf"), "-p", str(folder))
    try:
        client = await _ready(port, "/page.html")
        yield Served(client, with_children(process.pid))
    finally:
        process.terminate()
        await process.wait()


async def _ready(port: int, path: str) -> Client:
    client = Client(port)
    async with asyncio.timeout(20):
        while True:
            try:
                if (await client.get(path)).status == 200:
                    return client
            except (OSError, asyncio.IncompleteReadError):
                await asyncio.sleep(0.05)


MEASURES: dict[str, Callable[[Path, Scale], AsyncIterator[Figure]]] = {"kept": kept, "made": made}
