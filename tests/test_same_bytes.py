"""Everybody's page holds the same comments, byte for byte; nobody's holds another's parts, whatever is written."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from threading import Event

import httpx2
import pytest

from forum.moderation.shadows import shadow_account
from forum.permissions import Role
from tests.server import Server
from tests.world import World

pytestmark = pytest.mark.anyio

HELD, SHADOWED = "canary of the held one", "canary of the shadowed one"
READERS = ("guest", "anna", "bert", "hanna", "sven", "mona")
SECRETS = {"hanna": HELD, "sven": SHADOWED}
"""Whose page alone holds that text."""


@dataclass(slots=True)
class Pages:
    """One article's page as several people load it from one process."""

    url: str
    tokens: dict[str, str]
    faults: list[str] = field(default_factory=list)

    def load(self, person: str) -> str:
        """The page, with what it may not hold noted."""
        cookie = {"cookie": f"forum={self.tokens[person]}"} if person in self.tokens else {}
        page = httpx2.get(self.url, headers=cookie, timeout=30)
        assert page.status_code == 200
        self.faults += [
            f"{person} is shown {secret!r}"
            for owner, secret in SECRETS.items()
            if (secret in page.text) != (owner == person)
        ]
        viewer = re.findall(r'data-viewer="(\w+)"', page.text)
        if viewer != ([person] if person in self.tokens else []):
            self.faults.append(f"{person} is taken for {viewer}")
        return page.text

    def load_until(self, person: str, over: Event) -> int:
        """Load it again and again; gives how often."""
        for times in count(1):
            self.load(person)
            if over.is_set():
                return times
        raise AssertionError


@pytest.fixture
async def pages(served: Server, served_world: World) -> Pages:
    """The page of an article with comments, one of them held, one in the shadow."""
    world = served_world
    slug = await world.article()
    for number in range(20):
        await world.post(slug, f"Comment {number}.", by="nora")
    tokens = {person: await world.sign_in(person) for person in READERS[1:-1]}
    tokens["mona"] = await world.sign_in("mona", Role.MODERATOR)
    mona = await world.account("mona")
    await world.database.write(shadow_account, moderator=mona, handle="sven", reason="Spam")
    await world.post(slug, HELD, by="hanna", held=True)
    await world.post(slug, SHADOWED, by="sven")
    return Pages(f"{served.url}/articles/{slug}", tokens)


async def test_a_guest_two_readers_and_a_moderator_are_sent_the_same_comments_byte_for_byte(pages: Pages) -> None:
    shown = {person: comments(pages.load(person)) for person in READERS}
    assert shown["anna"] == shown["bert"] == shown["mona"] == shown["guest"]
    for owner, secret in SECRETS.items():
        assert secret in shown[owner]
        assert without(shown[owner], secret) == shown["guest"]
    assert pages.faults == []


async def test_nobodys_page_holds_anothers_parts_while_others_write(pages: Pages, served_world: World) -> None:
    over = Event()
    with ThreadPoolExecutor(len(READERS)) as readers:
        loading = [readers.submit(pages.load_until, person, over) for person in READERS]
        slug = pages.url.rpartition("/")[2]
        for number in range(60):
            posted = await served_world.post(slug, f"Written meanwhile {number}.", by="nora")
            await served_world.recommend(posted, by="anna")
            if number % 5 == 0:
                await served_world.delete(posted)
        over.set()
        assert min(future.result() for future in loading) > 1
    assert pages.faults == []


def comments(page: str) -> str:
    """The list of comments on a page, from its first byte to its last."""
    start = page.index('<ol class="comments tree"')
    return page[start : page.index("</section>", start)].partition("<nav")[0]


def without(listed: str, secret: str) -> str:
    """The list without the top-level comment that holds this text."""
    items = re.split(r'(?=<li class="comment depth-1")', listed)
    return "".join(item for item in items if secret not in item)
