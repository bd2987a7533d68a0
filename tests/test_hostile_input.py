"""Forms that are not as ours, addresses that nobody was given: an answer with a sentence, no fault, nothing stored."""

import re
from urllib.parse import quote, urlencode

import pytest
from httpx2 import Response
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forum.permissions import Role
from tests.accounts.site import JSON, PASSWORD, Site
from tests.permission_table import requests
from tests.scenes import Ask, prepare
from tests.stored import Rows, everything

URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=x"
FORMS = requests("POST")
LEAVABLE = {"item", "until", "slug", "remove"}
"""Fields that a form can be sent without."""
OPEN_FORMS = ("POST /editor", "POST /site", "POST /moderation/checks")
"""What is left out of these stays as it is, or is off."""
SAID = re.compile(
    r'(?:class="(?:page-sentence|form-error|field-error|composer-error)\b|role="alert")[^>]*>\s*(?:<p>)?\w'
)
ON_SQLITE = pytest.mark.parametrize("kind", ["sqlite"], indirect=True)


def stored(site: Site) -> Rows:
    """All that the database holds."""
    return site.do(site.database.read, everything)


def hash_of_password(site: Site) -> str:
    return str(site.do(site.state.passwords.hash, PASSWORD))


def needed(request_: str, ask: Ask) -> list[str]:
    """The fields without which a form means nothing."""
    return [name for name in ask.form if name not in LEAVABLE and not request_.startswith(OPEN_FORMS)]


def send(site: Site, ask: Ask, token: str | None, content: bytes, kind: str = URLENCODED) -> Response:
    """Send bytes as a form of that kind."""
    cookie = {"cookie": f"forum={token}"} if token else {}
    response = site.client.post(ask.path, content=content, headers={"content-type": kind} | cookie)
    site.client.cookies.clear()
    return response


def part(name: str, value: bytes) -> bytes:
    """A form of one field, in parts."""
    return b'--x\r\ncontent-disposition: form-data; name="%s"\r\n\r\n%s\r\n--x--\r\n' % (name.encode(), value)


def refused(response: Response) -> bool:
    """Whether a request was refused, which it is with a sentence."""
    asked = f"{response.request.method} {response.request.url}"
    assert response.status_code < 500, f"{asked}: {response.text}"
    if response.status_code < 400:
        return False
    if response.headers["content-type"] == "application/json":
        assert response.json()["error"]["message"].endswith("."), asked
    else:
        assert SAID.search(response.text), f"{asked}: {response.status_code} without a sentence"
    return True


@ON_SQLITE
def test_a_form_without_a_field_that_it_needs_is_refused_and_the_field_named(site: Site) -> None:
    password_hash = hash_of_password(site)
    for request_ in FORMS:
        ask, token = prepare(site, request_, password_hash=password_hash)
        before = stored(site)
        for missing in needed(request_, ask):
            form = {name: value for name, value in ask.form.items() if name != missing}
            assert refused(site.post(ask.path, form, token)), f"{request_} without {missing}"
            answer = site.post(ask.path, form, token, headers=JSON)
            assert refused(answer)
            assert answer.json()["error"]["field"] == missing
        assert stored(site) == before, request_


@ON_SQLITE
def test_a_body_that_is_no_form_of_ours_stores_nothing_where_a_form_is_needed(site: Site) -> None:
    for request_ in FORMS:
        ask, token = prepare(site, request_)
        form, before = urlencode(ask.form).encode(), stored(site)
        odd = b"+2AA-\\ud800xn--a"
        for content, kind in [
            (b"", URLENCODED),
            (form, "text/plain"),
            (form, "multipart/form-data"),
            (form, "multipart/form-data; boundary=" + "x" * 5000),
            (b"--x\r\ncontent-disposition: form-data\r\n\r\na\r\n--x--\r\n", MULTIPART),
            (b"[" * 100_000, "application/json"),
            (b"&".join(b"f%d=x" % number for number in range(300)), URLENCODED),
            (b"&" * 50_000 + b"%" * 1000 + b"=" * 1000, URLENCODED),
            *(
                (part("body", odd), f"{MULTIPART}; charset={charset}")
                for charset in ("utf-7", "unicode_escape", "idna")
            ),
            (form + b"&x=" + odd, f"{URLENCODED}; charset=utf-16"),
        ]:
            answer = send(site, ask, token, content, kind)
            # A form that needs no field is as good as an empty one.
            assert refused(answer) or not needed(request_, ask), f"{request_} takes {content[:40]!r} as {kind}"
        assert stored(site) == before or not needed(request_, ask), request_


def test_no_bytes_in_any_field_are_a_fault_of_ours_or_stored_as_no_text_can_be(site: Site) -> None:
    password_hash = hash_of_password(site)
    for request_ in FORMS:
        ask, token = prepare(site, request_, password_hash=password_hash)
        for name in ask.form:
            rest = urlencode({key: text for key, text in ask.form.items() if key != name}).encode()
            strange = b"a%00b\0c%ED%A0%80%ff%fe%F4%90%80%80%E2%80%AE%0d%0a"
            refused(send(site, ask, token, rest + b"&" + name.encode() + b"=" + strange))
            refused(send(site, ask, token, part(name, b"a\0\xed\xa0\x80\xff\xc3\x28"), MULTIPART))
    everywhere = repr(stored(site))
    assert "\\x00" not in everywhere
    assert "\\ud8" not in everywhere


@ON_SQLITE
def test_what_is_too_long_too_often_there_or_a_file_is_refused_or_cut_to_size(site: Site) -> None:
    password_hash = hash_of_password(site)
    for request_ in FORMS:
        ask, token = prepare(site, request_, password_hash=password_hash)
        for name in ask.form:
            refused(site.post(ask.path, dict(ask.form) | {name: "ab " * 45_000}, token))
        assert "ab " * 7000 not in repr(stored(site)), request_
        twice = [(name, value) for name, value in ask.form.items() for value in ("wrong " * 3, value)]
        refused(send(site, ask, token, urlencode(twice).encode()))
        ask, token = prepare(site, request_, password_hash=password_hash)
        before = stored(site)
        for name in needed(request_, ask):
            assert refused(site.post(ask.path, {}, token, files={name: ("a.txt", b"text")})), f"{request_}: {name}"
        if needed(request_, ask):
            assert refused(site.post(ask.path, ask.form, token, files=[("a", b"a"), ("b", b"b")])), request_
        assert stored(site) == before, request_


def test_what_is_no_number_is_none_wherever_one_is_asked_for(site: Site) -> None:
    slug = site.do(site.world.article)
    comment = site.do(site.world.post, slug, by="nora")
    nora = site.do(site.world.sign_in, "nora")
    maria = site.do(site.world.sign_in, "maria", Role.MODERATOR)
    before = stored(site)
    for number in ("-1", "9" * 18, "9" * 19, "9" * 5000, "٣", "1\x00", "", "\ud800"):
        text = quote(number, errors="surrogatepass")
        for path in (
            *(f"/articles/{slug}?after={text}.{text}&draft={text}&sort={sort}" for sort in ("oldest", "newest", text)),
            f"/articles/{slug}?after={text}&sort=best",
            f"/articles/{slug}/changes?after={text}&epoch={text}",
            f"/articles/{slug}/arrivals?after={text}",
            f"/comments/{comment}?after={text}&draft={text}",
            f"/comments/{comment}/replies?after={text}",
            f"/accounts/nora?older={text}",
            f"/moderation?after={text}",
            f"/moderation/log?older={text}",
            f"/moderation/log?by={text}&account={text}&kind={text}&words={text}&since={text}&until={text}",
            f"/moderation/log?words={text}&until=9999-12-31",
            f"/moderation/log.csv?since={text}",
            f"/moderation?queue={text}",
            *(
                f"{list_}?older={text}&older_drafts={text}"
                for list_ in ("/", "/sections/news", "/tags/bridges", "/editor")
            ),
        ):
            refused(site.get(path, maria))
        typed = number.replace("\ud800", "\ufffd").replace("\x00", "\ufffd") or "x"
        assert refused(site.post(f"/comments/{comment}/edit", {"body": "Changed.", "version": typed}, nora))
        assert refused(site.post(f"/articles/{slug}/comments", {"body": "An answer.", "parent": typed}, nora))
        assert refused(site.post("/accounts/nora/ban", {"reason": "Spam.", "until": typed}, maria))
        refused(site.post("/settings/sessions", {"end": typed}, nora))
    assert stored(site) == before


def test_ids_and_names_that_nobody_was_given_lead_nowhere(site: Site) -> None:
    token = site.do(site.world.sign_in, "anna", Role.ADMIN)
    form = {"body": "x", "version": "1", "value": "1", "reason": "spam", "state": "off", "password": PASSWORD}
    ids = ["0", "-1", "9" * 18, "9" * 19, "9" * 400, "1e3", "0x1", "٣", "1%00", "%00", "1'--", "..%2f1", " 1"]
    names = ["%00", "a%00b", "%ff", "%ED%A0%80", "..%2fx", "a" * 3000, "%0d%0ax:y", "💥"]
    before = stored(site)
    for request_ in requests("GET") + FORMS:
        method, path = request_.split(" ", 1)
        place = re.search(r"\{(id|slug|handle|token|name|path)\}", path)
        # Of what cannot be read, /arrivals says that nothing is new.
        for given_ in () if place is None or path.endswith("/arrivals") else ids if place[1] == "id" else names:
            asked = path.replace(place[0], given_) if place else path
            data = form if method == "POST" else None
            answer = site.client.request(method, asked, headers={"cookie": f"forum={token}"}, data=data)
            assert refused(answer), f"{method} {asked}"
            assert answer.status_code in (400, 404, 414, 422), f"{method} {asked}"
    assert stored(site) == before


@ON_SQLITE
def test_fields_that_a_form_does_not_have_are_not_taken(site: Site) -> None:
    password_hash = hash_of_password(site)
    fields = ["id", "account_id", "author_id", "article_id", "by_id", "is_admin", "score", "ordinal", "was_public"]
    fields += ["handle_folded", "email_folded", "password_hash", "avatar", "html", "created_at", "banned_at", "act_id"]
    for request_ in FORMS:
        ask, token = prepare(site, request_, password_hash=password_hash)
        admins = repr(stored(site)["accounts"]).count("ADMIN")
        added = dict.fromkeys(fields, "987654321") | {"role": "admin"}
        assert not refused(site.post(ask.path, added | dict(ask.form), token)), request_
        assert repr(stored(site)["accounts"]).count("ADMIN") == admins, request_
    assert "987654321" not in repr(stored(site))


@ON_SQLITE
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    request_=st.sampled_from(FORMS),
    form=st.dictionaries(
        st.sampled_from(["body", "parent", "key", "version", "reason", "until", "next", "handle", "state", "value"])
        | st.text(max_size=8),
        st.text(max_size=200),
        max_size=6,
    ),
)
def test_no_form_at_all_is_a_fault_of_ours(site: Site, request_: str, form: dict[str, str]) -> None:
    ask, token = prepare(site, request_)
    clean = {name: value.encode(errors="replace").decode() for name, value in form.items()}
    refused(site.post(ask.path, clean, token))
