"""The log as it is read: looked for by its fields, page by page, and taken along as files."""

import csv
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert

from forum.accounts.actor import Actor
from forum.database import Db, now
from forum.errors import Invalid
from forum.moderation.bans import Ban, ban_account, lift_ban
from forum.moderation.log import read_log
from forum.moderation.log_export import BATCH, COLUMNS, FORMULAS, defused
from forum.moderation.log_search import Search, search_of
from forum.moderation.models import Act, ActKind
from forum.moderation.removals import remove_comment
from forum.moderation.words import changes, kind_words
from forum.permissions import Role
from tests.accounts.site import Site, words
from tests.moderation.test_undoing import undo
from tests.world import World

MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)


async def found(world: World, **search: str) -> list[int]:
    """The ids of the entries that are looked for, newest first."""
    return [entry.id for entry in (await world.database.read(read_log, Search(**search))).entries]


@pytest.fixture
async def week(world: World, mona: Actor) -> World:
    """Four entries: a ban on Monday, its lifting on Tuesday, a removal on Wednesday, that undone on Thursday."""
    maya = await world.account("maya", Role.MODERATOR)
    comment = await world.post(await world.article(), by="omar")
    await world.account("nora")
    with time_machine.travel(MONDAY):
        ban = Ban("Ärger im Übermaß, 100%")
        await world.database.write(ban_account, moderator=mona, handle="nora", ban=ban)
    with time_machine.travel(MONDAY + timedelta(days=1)):
        await world.database.write(lift_ban, moderator=None, handle="nora")
    with time_machine.travel(MONDAY + timedelta(days=2)):
        await world.database.write(remove_comment, moderator=maya, comment_id=comment, reason="hate")
    with time_machine.travel(MONDAY + timedelta(days=3)):
        await undo(world, mona)
    return world


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ({}, [4, 3, 2, 1]),
        ({"by": "mona"}, [4, 1]),
        ({"by": "@MONA"}, [4, 1]),
        ({"by": "nobody1"}, []),
        ({"account": "nora"}, [2, 1]),
        ({"account": "nora", "by": "mona"}, [1]),
        ({"kind": "lift"}, [2]),
        ({"kind": "undo"}, [4]),
        ({"words": "übermaß"}, [1]),
        ({"words": "IM ärger"}, [1]),
        ({"words": "ärger xyz"}, []),
        ({"words": "100%"}, [1]),
        ({"words": "1%0"}, []),
        ({"words": "_"}, []),
        ({"words": "contempt"}, [3]),
        ({"since": "2026-11-24"}, [4, 3, 2]),
        ({"until": "2026-11-24"}, [2, 1]),
        ({"since": "2026-11-24", "until": "2026-11-24"}, [2]),
        ({"since": "2026-11-25", "kind": "ban"}, []),
        ({"since": "0001-01-01", "until": "9999-12-30"}, [4, 3, 2, 1]),
    ],
    ids=str,
)
async def test_entries_are_found_by_who_about_whom_kind_words_and_days(
    week: World, search: dict[str, str], expected: list[int]
) -> None:
    assert await found(week, **search) == expected


@pytest.mark.anyio
@pytest.mark.parametrize(("field", "text"), [("kind", "murder"), ("since", "monday"), ("until", "9999-12-31")])
async def test_what_cannot_be_looked_for_is_said_at_its_field(world: World, field: str, text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        await found(world, **{field: text})
    assert refusal.value.field == field


@pytest.mark.anyio
async def test_every_entry_says_who_what_why_before_and_after(week: World) -> None:
    undone, removal, lift, ban = (await week.database.read(read_log)).entries
    assert (ban.by, ban.kind, ban.account, ban.reason) == ("mona", "ban", "nora", "Ärger im Übermaß, 100%")
    assert lift.before == ban.after
    assert lift.after == ban.before == {"banned_at": None, "banned_until": None, "ban_reason": None}
    assert (removal.before, removal.after) == (
        {"state": "visible", "reason": ""},
        {"state": "removed", "reason": "hate"},
    )
    assert (undone.undoes, undone.undoes_id, undone.before) == ("remove", removal.id, removal.after)
    told = [(change.what, change.before, change.after) for change in removal.changes]
    assert told == [("State", "visible", "removed"), ("Reason", "–", "contempt for a group of people")]


def test_what_changed_is_told_in_words_whatever_it_is() -> None:
    long = "x" * 900
    told = changes(
        {"open": True, "rate": 3, "entries": ["a"], "note": "", "same": 1},
        {"open": False, "rate": None, "entries": ["b"], "note": long, "same": 1, "since": "2026-11-23T10:00:00+00:00"},
    )
    assert [(change.before, change.after) for change in told] == [
        ("yes", "no"),
        ("3", "–"),
        ("–", long[:199] + "…"),
        ("–", "23 November 2026, 10:00 UTC"),
    ]


def test_what_a_check_was_and_is_set_to_is_told_in_words() -> None:
    [links, watched] = changes(
        {"links": None, "watched": {"response": "hold", "amount": None}},
        {"links": {"response": "hold", "amount": 3}, "watched": {"response": "off", "amount": None}},
    )
    assert (links.what, links.before, links.after) == ("Links", "not set here", "held, 3")
    assert (watched.what, watched.before, watched.after) == ("Accounts under watch", "held", "off")


def test_each_kind_has_a_name() -> None:
    assert kind_words().keys() == set(ActKind)
    assert len(set(kind_words().values())) == len(ActKind)


@given(st.dictionaries(st.sampled_from(["by", "account", "kind", "words", "since", "until", "x"]), st.text()))
def test_an_address_leads_back_to_what_is_looked_for(params: Mapping[str, str]) -> None:
    search = search_of(params)
    assert search_of(search.values) == search
    assert search.address() == "" or search.address().startswith("?")


@given(st.text())
def test_no_cell_is_a_formula_and_each_can_be_read_back(text: str) -> None:
    cell = defused(text)
    assert not cell.startswith(FORMULAS)
    assert text.replace("'", "") == cell.replace("'", "")
    if not re.search(r"[;\t\r\n]", text):
        assert text == (cell if cell == text else cell[1:])


@pytest.mark.parametrize("parting", [";", "; ", "\t", "\n", "\r\n", ";\u00a0"])
@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@SUM(1)", "＝1"])
def test_no_formula_begins_where_a_spreadsheet_of_another_country_parts_a_cell(parting: str, formula: str) -> None:
    assert defused(f"Spam{parting}{formula}") == f"Spam{parting}'{formula}"


def enter_many(db: Db, *, number: int, reason: str, by_id: int) -> None:
    row = {"kind": ActKind.DISMISS, "by_id": by_id, "reason": reason, "detail": "", "created_at": now()}
    db.execute(insert(Act), [row for _ in range(number)])


def test_the_whole_log_is_taken_along_in_batches_and_a_formula_is_none_any_more(site: Site) -> None:
    anna = site.do(site.world.account, "anna", Role.ADMIN)
    formula, many = '=HYPERLINK("https://evil.example","x")', BATCH * 2 + 3
    site.do(site.database.write, enter_many, number=many, reason=formula, by_id=anna.account_id)
    token = site.do(site.world.sign_in, "anna", Role.ADMIN)
    answer = site.get("/moderation/log.csv", token)
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="log.csv"'
    assert answer.headers["cache-control"] == "private, no-cache"
    head, *lines = list(csv.reader(StringIO(answer.text)))
    assert head == list(COLUMNS)
    assert [line[0] for line in lines] == [str(number) for number in range(many, 0, -1)]
    assert {line[COLUMNS.index("reason")] for line in lines} == {"'" + formula}
    told = [json.loads(line) for line in site.get("/moderation/log.jsonl", token).text.splitlines()]
    assert [one["id"] for one in told] == list(range(many, 0, -1))
    assert {(one["by"], one["reason"], one["kind"]) for one in told} == {("anna", formula, "dismiss")}


def test_what_is_found_is_what_is_taken_along_and_what_the_next_page_goes_on_with(site: Site) -> None:
    anna, mona = [site.do(site.world.account, name, Role.ADMIN) for name in ("anna", "mona")]
    for number in range(4):
        by = (anna, mona)[number % 2].account_id
        site.do(site.database.write, enter_many, number=30, reason=f"Part {number}", by_id=by)
    token = site.do(site.world.sign_in, "anna", Role.ADMIN)
    page = words(site.get("/moderation/log?by=mona&words=part", token))
    assert page.count('class="log-what"') == 50
    assert 'value="mona"' in page
    older = page.split('rel="next" href="')[1].split('"')[0]
    assert older.startswith("/moderation/log?by=mona&words=part&older=")
    assert words(site.get(older, token)).count('class="log-what"') == 10
    file = page.split('href="/moderation/log.jsonl')[1].split('"')[0]
    told = [json.loads(line) for line in site.get("/moderation/log.jsonl" + file, token).text.splitlines()]
    assert (len(told), {one["by"] for one in told}) == (60, {"mona"})


def test_a_day_that_is_none_is_said_in_the_form_which_keeps_all_that_was_typed(site: Site) -> None:
    token = site.do(site.world.sign_in, "anna", Role.ADMIN)
    answer = site.get('/moderation/log?since=soon&words="><b>x', token)
    assert answer.status_code == 422
    assert "Write the day like 2030-01-31." in answer.text
    assert "&#34;&gt;&lt;b&gt;x" in answer.text
    assert site.get("/moderation/log.csv?since=soon", token).status_code == 422


def test_the_desks_old_address_leads_to_the_log_and_moderators_are_offered_no_files(site: Site) -> None:
    token = site.do(site.world.sign_in, "mona", Role.MODERATOR)
    assert site.get("/moderation?queue=log", token).headers["location"] == "/moderation/log"
    assert "log.csv" not in site.get("/moderation/log", token).text


def test_an_undo_from_the_log_is_told_there_with_what_stays(site: Site) -> None:
    slug = site.do(site.world.article)
    first, _second = [site.do(site.world.post, slug) for _ in range(2)]
    token = site.do(site.world.sign_in, "mona", Role.MODERATOR)
    site.post("/accounts/nora/ban", {"reason": "Advertising", "remove": "all"}, token)
    site.post(f"/comments/{first}/restore", {}, token)
    json_headers: dict[str, Any] = {"headers": {"accept": "application/json"}}
    answer = site.post("/moderation/acts/2/undo", {}, token, **json_headers)
    told = answer.json()
    assert (told["id"], told["back"], told["stay"], told["act"]) == (4, 1, 1, 4)
    assert "Undid: Removed all that" in told["line"]
    page = words(site.get("/moderation/log", token))
    assert "Undid: Removed all that" in page
    assert "1 comment was changed since and stays." in page
    assert (
        site.post("/moderation/acts/3/undo", {"next": "/moderation/log"}, token).headers["location"]
        == "/moderation/log"
    )
    again = site.post("/moderation/acts/4711/undo", {}, token)
    assert again.status_code == 404
