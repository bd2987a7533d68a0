"""Feeds, the sitemap and robots.txt: for programs, the same for everybody, whoever asks."""

import asyncio
from collections.abc import Callable
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from forum.feeds import queries, sitemap
from forum.feeds.atom import MEDIA_TYPE, as_atom
from forum.feeds.queries import Feed
from forum.origin import origin_of
from forum.visitor import FOR_ALL

XML = "application/xml"
FOR_AN_HOUR = "public, max-age=3600"
NOT_CRAWLED = (
    *("/moderation", "/editor", "/settings/", "/site$", "/sign-in", "/register", "/reset/", "/appeal/", "/search"),
    *("/articles/*/changes", "/articles/*/arrivals", "/comments/*/replies", "/*?draft=", "/*&draft="),
)
"""What is for those who work or write here, what is written for nobody else, and results of a search."""


async def show_site_feed(request: Request) -> Response:
    """`GET /feed`: the newest articles."""
    return _answer(request, await _read(request, queries.site_feed))


async def show_section_feed(request: Request) -> Response:
    """`GET /sections/{slug}/feed`: the newest articles of a section."""
    return _answer(request, await _read(request, queries.section_feed, request.path_params["slug"]))


async def show_article_feed(request: Request) -> Response:
    """`GET /articles/{slug}/feed`: the newest comments on an article."""
    return _answer(request, await _read(request, queries.article_feed, request.path_params["slug"]))


async def show_branch_feed(request: Request) -> Response:
    """`GET /comments/{id}/feed`: a comment and the newest replies beneath it."""
    return _answer(request, await _read(request, queries.branch_feed, request.path_params["id"]))


async def show_account_feed(request: Request) -> Response:
    """`GET /accounts/{handle}/feed`: the newest comments of an account."""
    return _answer(request, await _read(request, queries.account_feed, request.path_params["handle"]))


async def show_sitemap(request: Request) -> Response:
    """`GET /sitemap.xml`: the index of its parts."""
    places = await request.app.state.database.read(sitemap.parts)
    return _kept(sitemap.as_index(places, origin_of(request)))


async def show_lists(request: Request) -> Response:
    """`GET /sitemaps/lists.xml`: the front page, the sections, the rules."""
    places = await request.app.state.database.read(sitemap.lists)
    return _kept(sitemap.as_part(places, origin_of(request)))


async def show_articles(request: Request) -> Response:
    """`GET /sitemaps/{id}.xml`: one part of the articles."""
    places = await request.app.state.database.read(sitemap.articles, request.path_params["id"])
    return _kept(await asyncio.to_thread(sitemap.as_part, places, origin_of(request)))


async def show_robots(request: Request) -> Response:
    """`GET /robots.txt`: what is not to be crawled, and where the sitemap is."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in NOT_CRAWLED)]
    text = "\n".join([*lines, "", f"Sitemap: {origin_of(request)}/sitemap.xml", ""])
    return PlainTextResponse(text, headers={"cache-control": FOR_AN_HOUR})


async def _read(request: Request, query: Callable[..., Feed], *asked: object) -> bytes:
    """A feed as Atom: made off the loop, for articles stand in it whole."""
    feed: Feed = await request.app.state.database.read(query, *asked)
    return await asyncio.to_thread(as_atom, feed, origin=origin_of(request), site_name=request.state.site.name)


def _answer(request: Request, body: bytes) -> Response:
    """The feed; nothing of it where whoever asks has it already."""
    etag = f'W/"{sha256(body).hexdigest()[:20]}"'
    headers = {"etag": etag, "cache-control": FOR_ALL}
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=MEDIA_TYPE, headers=headers)


def _kept(body: str) -> Response:
    return Response(body, media_type=XML, headers={"cache-control": FOR_AN_HOUR})
