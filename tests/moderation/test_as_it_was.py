"""Do, undo: all is as it was. Undo that too: all is as it was done. For every kind of act, whatever had been before.

What is stored is compared row by row, but for the log itself and versions, which only go forward, and `was_public`; and
so are the pages of a guest, two readers and a moderator, as the app sends them. A banned person signs in again.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import RowMapping, Table, select
from starlette.testclient import TestClient

from forum.accounts.sessions import read_viewer
from forum.app import make_app
from forum.articles.models import DiscussionState
from forum.comments.checks.models import Response
from forum.comments.recount import find_faults
from forum.database import Base, Db, now
from forum.errors import Refusal
from forum.moderation.appeal_answers import answer_appeal
from forum.moderation.bans import Ban, ban_account, lift_ban
from forum.moderation.branches import pin_branch, set_branch, set_branch_pace
from forum.moderation.check_rules import Setting, set_rules
from forum.moderation.closing import Closing
from forum.moderation.comment_appeals import appeal_comment
from forum.moderation.deciding import Basis
from forum.moderation.discussions import set_closing, set_discussion, set_pace
from forum.moderation.domain_bans import ban_domain, lift_domain_ban
from forum.moderation.featuring import feature_comment
from forum.moderation.network_bans import ban_network, lift_network_ban
from forum.moderation.placing import pin_article
from forum.moderation.queues import Queue
from forum.moderation.remarks import look_at_account, note_account, warn_account
from forum.moderation.removals import hold_comment, remove_comment, restore_comment
from forum.moderation.report_rule import set_report_rule
from forum.moderation.reports import dismiss_reports, report_comment
from forum.moderation.sanctions import Terms
from forum.moderation.sections import set_section, set_section_closing, set_section_pace
from forum.moderation.several import Chosen, Deed, decide_several
from forum.moderation.shadows import lift_shadow, shadow_account
from forum.moderation.suspensions import give_back_right, suspend_right
from forum.moderation.sweeps import finish_acts
from forum.moderation.undoing import UNDOS, undo_act
from forum.moderation.watches import set_watch
from forum.moderation.word_lists import set_words
from forum.permissions import Right, Role
from tests.accounts.site import Site
from tests.conftest import empty_site
from tests.moderation import records
from tests.moderation.records import acts

EXAMPLES = {"sqlite": 10, "postgres": 4}
READERS = ("nora", "omar")
ONLY_FORWARD = {"acts", "act_effects", "sweeps", "sessions", "claims"}
NOT_COMPARED = {"version", "was_public", "changed_at", "untold_at", "revision"}
KEPT_OUT = {"network_bans", "domain_bans", "suspensions"}
MADE_ANEW = {"check_rules": {"id"}, "warnings": {"id", "act_id", "created_at"}}
"""Rows that an undo's undo makes anew, and what of them is then another."""
WHO_SETTLED = {"solved_at", "solved_by_id", "act_id"}

Step = tuple[Any, ...]
which = st.integers(0, 7)
readers = st.sampled_from(READERS)
deeds = st.one_of(
    st.tuples(st.just("remove"), which, st.sampled_from(["spam", "hate"])),
    st.tuples(st.just("restore"), which),
    st.tuples(st.just("hold"), which),
    st.tuples(st.just("dismiss"), which),
    st.tuples(st.just("discussion"), st.sampled_from(DiscussionState), st.sampled_from(["", "It is late"])),
    st.tuples(st.just("ban"), readers, st.sampled_from(["none", "day", "all"]), st.sampled_from([None, 7])),
    st.tuples(st.just("lift"), readers),
    st.tuples(st.just("watch"), readers, st.booleans()),
    st.tuples(st.just("warn"), readers),
    st.tuples(st.just("note"), readers),
    st.tuples(st.just("look"), readers),
    st.tuples(st.just("answer"), st.booleans()),
    st.tuples(
        st.just("checks"), st.sampled_from(["", "news"]), st.sampled_from(["note", "hold", ""]), st.integers(1, 2)
    ),
    st.tuples(st.just("slow"), st.sampled_from(["article", "section", "branch"]), which, st.sampled_from([0, 60, 300])),
    st.tuples(st.just("closing"), st.none() | st.sampled_from([0, 5])),
    st.tuples(st.just("section"), st.booleans()),
    st.tuples(st.just("section_closing"), st.sampled_from([0, 7])),
    st.tuples(st.just("branch"), which, st.booleans()),
    st.tuples(st.just("pin"), which, st.booleans()),
    st.tuples(st.just("place"), st.sampled_from(["", "news"]), st.booleans()),
    st.tuples(st.just("feature"), which, st.booleans()),
    st.tuples(st.just("rule"), st.integers(0, 2)),
    st.tuples(st.just("several"), st.sampled_from(["approve", "dismiss", "remove"])),
    st.tuples(st.just("words"), st.lists(st.sampled_from(["drat", "blast", "bother", "bah"]), unique=True)),
    st.tuples(st.just("shadow"), readers),
    st.tuples(st.just("leave_shadow"), readers, st.booleans()),
    st.tuples(st.just("suspend"), readers, st.sampled_from(Right)),
    st.tuples(st.just("give_back"), readers, st.sampled_from(Right)),
    st.tuples(st.just("ban_place"), st.booleans(), st.sampled_from([None, 7])),
    st.tuples(st.just("lift_place"), st.booleans()),
)
lives = st.one_of(
    st.tuples(st.just("post"), readers, st.none() | which, st.sampled_from([False, False, True])),
    st.tuples(st.just("post"), readers, which, st.just(False)),
    st.tuples(st.just("report"), readers, which),
    st.tuples(st.just("edit"), which),
    st.tuples(st.just("delete"), which),
    st.tuples(st.just("appeal"), which),
    deeds,
)


@dataclass
class Story:
    """A discussion with something in it, and a moderator."""

    site: Site
    slug: str
    comments: list[int] = field(default_factory=list)
    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def mona(self) -> Any:
        return self.site.do(self.site.world.account, "mona", Role.MODERATOR)

    @property
    def anna(self) -> Any:
        return self.site.do(self.site.world.account, "anna", Role.ADMIN)

    def take(self, step: Step) -> None:
        """Let one thing happen; what is refused does not."""
        name, *how = step
        try:
            getattr(self, name)(*how)
        except Refusal:
            return
        self.site.do(finish_acts, self.site.database)

    def post(self, by: str, parent: int | None, held: bool) -> None:
        above = None if parent is None or not self.comments else self.comment(parent)
        self.comments.append(self.site.do(self.site.world.post, self.slug, by=by, parent=above, held=held))

    def report(self, by: str, number: int) -> None:
        reporter = self.site.do(self.site.world.account, by)
        self.write(report_comment, reporter=reporter, comment_id=self.comment(number), reason="spam")

    def edit(self, number: int) -> None:
        self.site.do(self.site.world.edit, self.comment(number), "Another text.", by=self.author(number))

    def delete(self, number: int) -> None:
        self.site.do(self.site.world.delete, self.comment(number), by=self.author(number))

    def appeal(self, number: int) -> None:
        author = self.site.do(self.site.world.account, self.author(number))
        self.write(appeal_comment, author=author, comment_id=self.comment(number), text="It is true.")

    def answer(self, granted: bool) -> None:
        waiting = self.site.do(self.site.database.read, records.waiting, Queue.APPEALS)
        appeal_id = waiting[0] if waiting else 4711
        self.write(answer_appeal, moderator=self.mona, appeal_id=appeal_id, granted=granted, answer="We looked again.")

    def remove(self, number: int, reason: str) -> None:
        self.write(remove_comment, moderator=self.mona, comment_id=self.comment(number), reason=reason)

    def restore(self, number: int) -> None:
        self.write(restore_comment, moderator=self.mona, comment_id=self.comment(number))

    def hold(self, number: int) -> None:
        self.write(hold_comment, moderator=self.mona, comment_id=self.comment(number))

    def dismiss(self, number: int) -> None:
        self.write(dismiss_reports, moderator=self.mona, comment_id=self.comment(number))

    def discussion(self, state: DiscussionState, reason: str) -> None:
        self.write(set_discussion, moderator=self.mona, slug=self.slug, state=state, reason=reason)

    def ban(self, handle: str, remove: Any, days: int | None) -> None:
        until = now() + timedelta(days=days) if days else None
        self.write(ban_account, moderator=self.mona, handle=handle, ban=Ban("Too loud", until, remove))

    def lift(self, handle: str) -> None:
        self.write(lift_ban, moderator=self.mona, handle=handle)

    def watch(self, handle: str, watch: bool) -> None:
        self.write(set_watch, moderator=self.mona, handle=handle, watch=watch)

    def warn(self, handle: str) -> None:
        self.write(warn_account, moderator=self.mona, handle=handle, text="Stay with the article.")

    def note(self, handle: str) -> None:
        self.write(note_account, moderator=self.mona, handle=handle, text="Was rude in May.")

    def look(self, handle: str) -> None:
        self.write(look_at_account, moderator=self.mona, handle=handle)

    def checks(self, section: str, response: str, amount: int) -> None:
        setting = Setting(Response(response), amount) if response else None
        self.write(set_rules, admin=self.anna, settings={"links": setting, "length": setting}, section=section)

    def slow(self, of: str, number: int, seconds: int) -> None:
        if of == "article":
            self.write(set_pace, moderator=self.mona, slug=self.slug, seconds=seconds)
        elif of == "section":
            self.write(set_section_pace, moderator=self.mona, slug="news", seconds=seconds)
        else:
            self.write(set_branch_pace, moderator=self.mona, comment_id=self.comment(number), seconds=seconds)

    def closing(self, days: int | None) -> None:
        closing = Closing(days=days) if days is not None else Closing(at=now() + timedelta(days=3))
        self.write(set_closing, moderator=self.mona, slug=self.slug, closing=closing)

    def section(self, closed: bool) -> None:
        self.write(set_section, moderator=self.mona, slug="news", closed=closed, reason="It is late" if closed else "")

    def section_closing(self, days: int) -> None:
        self.write(set_section_closing, moderator=self.mona, slug="news", days=days)

    def branch(self, number: int, closed: bool) -> None:
        self.write(set_branch, moderator=self.mona, comment_id=self.comment(number), closed=closed)

    def pin(self, number: int, value: bool) -> None:
        self.write(pin_branch, moderator=self.mona, comment_id=self.comment(number), value=value)

    def place(self, section: str, value: bool) -> None:
        self.write(pin_article, person=self.mona, slug=self.slug, section=section, value=value)

    def feature(self, number: int, value: bool) -> None:
        self.write(feature_comment, person=self.mona, comment_id=self.comment(number), value=value)

    def several(self, deed: Deed) -> None:
        seen = [Chosen(one, Basis(self.site.do(self.site.world.comment, one).version)) for one in self.comments]
        self.write(decide_several, moderator=self.mona, deed=deed, chosen=seen, reason="spam")

    def rule(self, reports: int) -> None:
        self.write(set_report_rule, admin=self.anna, reports=reports, weight=50)

    def words(self, lines: list[str]) -> None:
        self.write(set_words, admin=self.anna, name="suspect", entries="\n".join(lines))

    def shadow(self, handle: str) -> None:
        self.write(shadow_account, moderator=self.mona, handle=handle, reason="Too loud")

    def leave_shadow(self, handle: str, release: bool) -> None:
        self.write(lift_shadow, moderator=self.mona, handle=handle, release=release)

    def suspend(self, handle: str, right: Right) -> None:
        self.write(suspend_right, moderator=self.mona, handle=handle, right=right, terms=Terms("Too loud"))

    def give_back(self, handle: str, right: Right) -> None:
        self.write(give_back_right, moderator=self.mona, handle=handle, right=right)

    def ban_place(self, network: bool, days: int | None) -> None:
        terms = Terms("Spam", now() + timedelta(days=days) if days else None)
        if network:
            self.write(ban_network, moderator=self.mona, network="192.0.2.0/24", terms=terms)
        else:
            self.write(ban_domain, moderator=self.mona, domain="example.org", terms=terms)

    def lift_place(self, network: bool) -> None:
        if network:
            self.write(lift_network_ban, moderator=self.mona, network="192.0.2.0/24")
        else:
            self.write(lift_domain_ban, moderator=self.mona, domain="example.org")

    def undo(self, act_id: int) -> int:
        """Take an act back; gives the entry that does."""
        undone = self.write(undo_act, moderator=self.anna, act_id=act_id)
        self.site.do(finish_acts, self.site.database)
        return int(undone.entry_id)

    def write(self, action: Callable[..., Any], **arguments: Any) -> Any:
        return self.site.do(self.site.database.write, action, **arguments)

    def comment(self, number: int) -> int:
        return self.comments[number % len(self.comments)]

    def author(self, number: int) -> str:
        author = self.site.do(self.site.world.comment, self.comment(number)).author_id
        return next(name for name in READERS if self.site.do(self.site.world.account, name).account_id == author)

    def entries(self) -> list[int]:
        return [act.id for act in self.site.do(self.site.database.read, acts)]

    def looks(self) -> dict[str, Any]:
        """All that is stored, and all that is seen."""
        assert self.site.do(self.site.database.read, find_faults) == []
        seen = {f"{path} for {who}": page for who, path, page in self.pages()}
        return self.site.do(self.site.database.read, stored) | seen

    def pages(self) -> Iterator[tuple[str, str, str]]:
        article, comment = f"/articles/{self.slug}", f"/comments/{self.comments[0]}"
        paths = {"": [article, comment], "nora": [article, "/accounts/nora"], "omar": [article]}
        for who, theirs in (paths | {"mona": ["/accounts/nora", "/moderation?ahead=1"]}).items():
            token = self.cookie(who)
            for path in theirs:
                yield who, path, without_versions(self.site.get(path, token).text)

    def cookie(self, who: str) -> str | None:
        """A sign-in, a new one where a ban has ended it; none for a guest, and whoever is banned."""
        token = self.tokens.get(who)
        if not who or (token and self.site.do(self.site.database.read, read_viewer, token)):
            return token
        try:
            self.tokens[who] = self.site.do(self.site.world.sign_in, who)
        except Refusal:
            self.tokens.pop(who, None)
        return self.tokens.get(who)


def without_versions(html: str) -> str:
    """A page without what says how far it goes, when, and without the log."""
    html = re.sub(r'<ol class="log">.*?</ol>', "", html, flags=re.DOTALL)
    html = re.sub(r'name="(key|chosen)" value="[^"]*"', "", html)
    return re.sub(r'(version(="|" value=")|after=)\d+', "", html)


def stored(db: Db) -> dict[str, Any]:
    """Every row, but for what only goes forward; a list without a line is like none."""
    return {
        table.name: dict(_row(table, row) for row in db.execute(select(table)).mappings() if row.get("entries") != "")
        for table in Base.metadata.sorted_tables
        if table.name not in ONLY_FORWARD
    }


def _row(table: Table, row: RowMapping) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """What tells it apart, and the rest."""
    others = MADE_ANEW.get(table.name, set())
    facts = {name: value for name, value in row.items() if name not in NOT_COMPARED | others}
    return tuple(facts.values()) if others else tuple(row[column] for column in table.primary_key), facts


def loosely(looks: dict[str, Any]) -> dict[str, Any]:
    """Of reports and appeals, only whether they are open; of what is kept from people, not by which act.

    What is done again is done by another act.
    """
    kept_out = {
        name: {key: {column: value for column, value in row.items() if column != "act_id"} for key, row in rows.items()}
        for name, rows in looks.items()
        if name in KEPT_OUT
    }
    reports = {
        number: {name: value for name, value in row.items() if name not in WHO_SETTLED}
        | {"open": row["solved_at"] is None}
        for number, row in looks["reports"].items()
    }
    appeals = {
        number: row | {"decided_at": row["decided_at"] is None, "decided_by_id": None}
        for number, row in looks["appeals"].items()
    }
    return looks | kept_out | {"reports": reports, "appeals": appeals}


@contextmanager
def story(kind: str, request: pytest.FixtureRequest) -> Iterator[Story]:
    """A new site with a comment in it."""
    with (
        TemporaryDirectory() as folder,
        empty_site(kind, Path(folder), request) as site_settings,
        TestClient(make_app(site_settings), follow_redirects=False) as client,
    ):
        site = Site(client)
        for reader in READERS:
            site.do(site.world.account, reader)
        new = Story(site, site.do(site.world.article))
        assert new.mona
        assert new.anna
        new.post("nora", None, False)
        yield new


def do_and_undo(before: list[Step], then: list[Step], tell: Story) -> None:
    for step in before:
        tell.take(step)
    done: list[tuple[dict[str, Any], int]] = []
    for step in then:
        looked, known = tell.looks(), tell.entries()
        tell.take(step)
        entries = tell.entries()[len(known) :]
        if len(entries) == 1:
            there = tell.looks()
            undoing = tell.undo(entries[0])
            assert tell.looks() == looked, f"{step} undone"
            tell.undo(undoing)
            assert loosely(tell.looks()) == loosely(there), f"{step} undone and done again"
            entries = tell.entries()[-1:]
        done += [(looked if number == 0 else {}, entry) for number, entry in enumerate(entries)]
    for looked, entry in reversed(done):
        tell.undo(entry)
        assert not looked or loosely(tell.looks()) == loosely(looked)


def test_do_undo_is_as_it_was(kind: str, request: pytest.FixtureRequest) -> None:
    @settings(max_examples=EXAMPLES[kind], deadline=None, print_blob=True)
    @given(before=st.lists(lives, min_size=2, max_size=9), then=st.lists(deeds, min_size=1, max_size=2))
    def tries(before: list[Step], then: list[Step]) -> None:
        with story(kind, request) as tell:
            do_and_undo(before, then, tell)

    tries()


def test_each_kind_of_act_is_tried_on_something_of_everything(kind: str, request: pytest.FixtureRequest) -> None:
    everything: list[Step] = [
        ("post", "omar", 0, False),
        ("remove", 1, "hate"),
        ("post", "nora", None, True),
        ("post", "omar", 0, False),
        ("post", "nora", 3, False),
        ("appeal", 2),
        ("remove", 4, "spam"),
        ("appeal", 4),
        ("report", "omar", 0),
        ("report", "nora", 3),
        ("shadow", "omar"),
        ("post", "omar", 0, False),
        ("post", "omar", 5, False),
        ("edit", 3),
        ("ban", "omar", "none", 7),
    ]
    each: list[Step] = [
        ("dismiss", 0),
        ("lift", "omar"),
        ("remove", 3, "spam"),
        ("restore", 1),
        ("restore", 2),
        ("hold", 0),
        ("watch", "nora", True),
        ("watch", "nora", False),
        ("slow", "article", 0, 60),
        ("slow", "section", 0, 60),
        ("slow", "branch", 0, 60),
        ("closing", 5),
        ("closing", None),
        ("section", True),
        ("section_closing", 7),
        ("branch", 0, True),
        ("pin", 2, True),
        ("pin", 2, False),
        ("place", "news", True),
        ("place", "", True),
        ("place", "", False),
        ("feature", 2, True),
        ("feature", 2, False),
        ("warn", "nora"),
        ("note", "nora"),
        ("look", "nora"),
        ("answer", True),
        ("answer", False),
        ("checks", "news", "hold", 2),
        ("rule", 2),
        ("several", "dismiss"),
        ("several", "approve"),
        ("several", "remove"),
        ("words", ["drat", "blast", "bother"]),
        ("words", ["drat", "bah", "bother"]),
        ("discussion", DiscussionState.READONLY, "It is late"),
        ("discussion", DiscussionState.OFF, ""),
        ("ban_place", True, 7),
        ("lift_place", True),
        ("ban_place", False, None),
        ("lift_place", False),
        ("suspend", "omar", Right.AVATAR),
        ("give_back", "omar", Right.AVATAR),
        ("leave_shadow", "omar", True),
        ("shadow", "nora"),
        ("leave_shadow", "nora", False),
        ("ban", "nora", "all", None),
    ]
    with story(kind, request) as tell:
        do_and_undo(everything, each, tell)
        log = tell.site.do(tell.site.database.read, acts)
        pages = [tell.site.get(f"/moderation/log?kind={kind}", tell.cookie("mona")).text for kind in UNDOS]
        undone = tell.site.get("/moderation/log?kind=undo", tell.cookie("mona")).text
    assert set(UNDOS) <= {act.kind for act in log}
    assert all('class="log-what"' in page for page in pages)
    told = set(re.findall(r'class="log-what">Undid: (.*?)</p>', undone))
    assert len(told) > len(UNDOS)
