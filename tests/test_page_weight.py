"""What a browser fetches for an article with a lively discussion, compressed as browsers take it."""

import posixpath
import re
from collections.abc import Iterator
from random import Random

import pytest

from forum.database import Db
from forum.demo.content import articles
from forum.demo.filling import Crowd, fill_discussion, texts_about
from forum.demo.shape import shape_of
from forum.static import static
from tests.accounts.site import Site

BRANCHES, REPLIES = 25, 7
"""All that one page shows of a large discussion."""
COMMENTS = BRANCHES * (1 + REPLIES)
MOST_BYTES, MOST_FONT_BYTES = 70_000, 55_000
MODULE = re.compile(r'(?:from|import)"(\.[^"]+)"')
"""What a script imports before it runs. What it asks for by `import(…)` only those fetch who need it: who finds
new comments, who is signed in, who asks for the list of keys."""


@pytest.fixture
def kind() -> str:
    """Pages weigh the same on both."""
    return "sqlite"


@pytest.fixture
def address(site: Site) -> str:
    """An article of the demo's kind, with so many comments."""
    slug = site.do(site.world.article)
    authors = [site.do(site.world.account, f"reader{number}").account_id for number in range(30)]

    def fill(db: Db) -> None:
        rng = Random(9)
        for _written in fill_discussion(
            db, slug, shape_of(branches()), Crowd(authors, texts_about(articles()[0], rng), rng)
        ):
            pass

    site.do(site.database.write, fill)
    return f"/articles/{slug}"


def test_page_styles_and_scripts_weigh_70_kb_at_most_and_fonts_55(site: Site, address: str) -> None:
    page = site.get(address).text
    assert page.count("data-comment=") == COMMENTS
    styles = set(re.findall(r'"(/static/[^"]+\.css)"', page))
    fonts = set(re.findall(r'"(/static/[^"]+\.woff2)"', page))
    weights = {path: weight(site, path) for path in {address, *styles, *modules(site)}}
    assert sum(weights.values()) <= MOST_BYTES, weights
    assert sum(weight(site, path) for path in fonts) <= MOST_FONT_BYTES


def branches() -> Iterator[int]:
    """Whom each of the comments answers: as many branches and replies as one page shows."""
    for branch in range(BRANCHES):
        root = branch * (1 + REPLIES)
        yield -1
        yield from (max(root, root + reply - 2) for reply in range(REPLIES))


def weight(site: Site, path: str) -> int:
    """Bytes of the body as it is sent."""
    with site.client.stream("GET", path, headers={"accept-encoding": "gzip, deflate, br, zstd"}) as answer:
        assert answer.status_code == 200
        return len(b"".join(answer.iter_raw()))


def modules(site: Site) -> set[str]:
    """The script of every page, and all that it imports."""
    found, asked = set[str](), [static("js/main.js")]
    while asked:
        path = asked.pop()
        if path not in found:
            found.add(path)
            named = MODULE.findall(site.get(path).text)
            asked += [posixpath.normpath(posixpath.join(posixpath.dirname(path), name)) for name in named]
    return found
