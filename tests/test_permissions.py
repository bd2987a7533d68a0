"""docs/permissions.md is true: every route is in it, and answers everybody as it says."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from ipaddress import ip_network
from itertools import product

import pytest
from httpx2 import Response
from hypothesis import given
from hypothesis import strategies as st
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from forum import permissions
from forum.app import make_app
from forum.config import Settings
from forum.permissions import Role
from forum.routes import routes
from tests.accounts.site import JSON, PASSWORD, Site
from tests.permission_table import WHO, Row, rows
from tests.scenes import Ask, set_up
from tests.stored import everything

NOBODY = "–"
FRESH = timedelta(0)
TOO_LATE = timedelta(minutes=16)
AT = datetime(2026, 11, 22, 7, 40, tzinfo=UTC)


def names_of(route: BaseRoute) -> Iterator[str]:
    """A route as the table names it."""
    if isinstance(route, WebSocketRoute):
        yield f"WS {route.path_format}"
    elif isinstance(route, Route):
        for method in sorted((route.methods or {"GET"}) - {"HEAD"}):
            yield f"{method} {route.path_format}"


def outcome(response: Response) -> str:
    """A response in the table's words."""
    to_sign_in = response.headers.get("location", "").startswith("/sign-in?next=")
    if response.status_code == 401 or to_sign_in:
        return "sign in"
    if response.request.method == "GET" and response.status_code == 303:
        return "on"
    return "yes" if response.status_code < 400 else str(response.status_code)


@pytest.fixture
def kind() -> str:
    """Who may do what does not depend on the database."""
    return "sqlite"


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient]:
    """The app behind a proxy that it trusts: each request says where it comes from."""
    app = make_app(settings.model_copy(update={"trusted_proxies": [ip_network("127.0.0.0/8")]}))
    with TestClient(app, follow_redirects=False, client=("127.0.0.1", 50000)) as client:
        yield client


@pytest.fixture
def password_hash(site: Site) -> str:
    return str(site.do(site.state.passwords.hash, PASSWORD))


def test_every_route_is_in_the_table_and_every_row_is_a_route() -> None:
    served = {name for route in routes(Settings()) for name in names_of(route)}
    assert served == {row.request for row in rows()}


def test_no_row_stands_twice() -> None:
    named = [(row.request, row.what) for row in rows()]
    assert len(named) == len(set(named))


@pytest.mark.parametrize("request_", sorted({row.request for row in rows()}))
def test_the_answer_is_what_the_table_says(request_: str, site: Site, password_hash: str) -> None:
    wrong = []
    for row, who in product([row for row in rows() if row.request == request_], WHO):
        for expected, age in _expected(row.cells[who]):
            answers = _answers(site, row, who, password_hash, age)
            wrong += [f"{row.what}, {who}: {answer}, not {expected}" for answer in answers if answer != expected]
    assert not wrong


def _expected(cell: str) -> list[tuple[str, timedelta]]:
    """What is answered, and how old the comment is then."""
    cases = {"15 min": [("yes", FRESH), ("403", TOO_LATE)], NOBODY: []}
    return cases.get(cell, [(cell, FRESH)])


def _answers(site: Site, row: Row, who: str, password_hash: str, age: timedelta) -> Iterator[str]:
    """What is answered to a page and to a program. What changed nothing is asked again in the same place."""
    uploads = site.state.settings.uploads
    scene = partial(
        set_up, request=row.request, role=who, what=row.what, password_hash=password_hash, uploads=uploads, age=age
    )
    ask, token = site.do(site.database.write, scene)
    stored = False
    for accept in ({"accept": "text/html"}, JSON):
        if stored:
            ask, token = site.do(site.database.write, scene)
        if row.method == "WS":
            yield _listen(site, ask, token)
            continue
        answer, stored = _ask(site, row.method, ask, token, accept)
        # The text of a guest who is asked to sign in is kept for an hour; anything else but “yes” stores nothing.
        assert answer == "yes" or not stored, f"{row.request} answers {answer} to {who}, and has stored something"
        yield "idle" if row.cells[who] == "idle" and answer == "yes" and not stored else answer


def _ask(site: Site, method: str, ask: Ask, token: str | None, accept: dict[str, str]) -> tuple[str, bool]:
    """What is answered, and whether something was stored."""
    before = site.do(site.database.read, everything, but="kept_drafts")
    cookie, from_ = {"cookie": f"forum={token}"} if token else {}, {"x-forwarded-for": ask.address}
    response = site.client.request(
        method,
        ask.path,
        headers=accept | cookie | from_,
        data=dict(ask.form) if method == "POST" else None,
        files={"image": ("x.png", ask.picture)} if ask.picture else None,
    )
    site.client.cookies.clear()
    return outcome(response), site.do(site.database.read, everything, but="kept_drafts") != before


def _listen(site: Site, ask: Ask, token: str | None) -> str:
    cookie = {"cookie": f"forum={token}", "origin": "http://testserver"} if token else {}
    with site.client.websocket_connect(ask.path, headers=cookie) as socket:
        try:
            socket.receive_text()
        except WebSocketDisconnect as end:
            return "closed" if end.code == 4404 else str(end.code)
    return "yes"


@dataclass(frozen=True, slots=True)
class Somebody:
    """An account, as far as permissions look at it."""

    id: int
    role: Role
    banned_at: datetime | None = None
    banned_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Something:
    """A comment, as far as permissions look at it."""

    author_id: int
    state: str
    was_public: bool
    created_at: datetime
    shadowed: bool = False


@pytest.mark.parametrize("row", [row for row in rows() if row.request == "POST /accounts/{handle}/ban"], ids=str)
def test_the_predicate_of_bans_says_the_same_as_the_table(row: Row) -> None:
    article_and_role = row.what.removesuffix("'s").partition(" ")
    for role in Role:
        person = Somebody(1, role)
        other = person if row.what == "own" else Somebody(2, Role(article_and_role[2]))
        assert permissions.can_ban(person, other) == (row.cells[role] == "yes")
    other = Somebody(2, Role.READER if row.what == "own" else Role(article_and_role[2]))
    assert not permissions.can_ban(None, other)


people = st.builds(Somebody, id=st.integers(1, 2), role=st.sampled_from(Role))
comments = st.builds(
    Something,
    author_id=st.integers(1, 2),
    state=st.sampled_from(["held", "removed", "deleted"]),
    was_public=st.booleans(),
    created_at=st.just(AT),
    shadowed=st.booleans(),
) | st.builds(
    Something, author_id=st.integers(1, 2), state=st.just("visible"), was_public=st.just(True), created_at=st.just(AT)
)


@given(person=people | st.none(), comment=comments, later=st.timedeltas(timedelta(0), timedelta(hours=1)))
def test_nobody_can_do_anything_with_a_comment_that_they_cannot_know_of(
    person: Somebody | None, comment: Something, later: timedelta
) -> None:
    can = [
        permissions.can_edit(person, comment, AT + later, timedelta(minutes=15)),
        permissions.can_delete(person, comment),
        permissions.can_vote(person, comment),
        permissions.can_report(person, comment),
        permissions.can_remove(person, comment),
        permissions.can_restore(person, comment),
        permissions.can_pin(person, comment),
        permissions.can_feature(person, comment),
    ]
    assert permissions.can_know_of(person, comment) or not any(can)


@given(person=people, comment=comments, later=st.timedeltas(timedelta(0), timedelta(hours=1)))
def test_a_text_is_changed_by_its_author_alone_within_fifteen_minutes_or_while_held_and_nobody_votes_for_their_own(
    person: Somebody, comment: Something, later: timedelta
) -> None:
    own = person.id == comment.author_id
    if permissions.can_edit(person, comment, AT + later, timedelta(minutes=15)):
        assert own
        assert later <= timedelta(minutes=15) or (comment.state == "held" and not comment.shadowed)
    assert not (own and permissions.can_vote(person, comment))
    assert not (own and permissions.can_report(person, comment))


@given(one=people, other=people)
def test_of_two_people_at_most_one_can_ban_the_other(one: Somebody, other: Somebody) -> None:
    assert not (permissions.can_ban(one, other) and permissions.can_ban(other, one))
    assert not permissions.can_ban(one, one)


@given(
    banned=st.timedeltas(timedelta(hours=-9), timedelta(hours=9)),
    until=st.timedeltas(timedelta(hours=-9), timedelta(hours=9)) | st.none(),
)
def test_a_ban_holds_until_its_end_and_not_longer(banned: timedelta, until: timedelta | None) -> None:
    person = Somebody(1, Role.READER, AT + banned, AT + until if until is not None else None)
    assert permissions.is_banned(person, AT) == (until is None or until > timedelta(0))
