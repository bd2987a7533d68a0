"""A discussion lived through at random, beside a plain model of it.

After every step: the stored tree is whole, every counter equals its recount, the version went up by one for each
change; and pages that were kept by messages (lost, doubled, out of order) equal pages fetched afresh, for each
audience.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule

from forum.accounts.actor import Actor
from forum.articles.models import Article
from forum.comments.actions import delete_comment, edit_comment, post_comment
from forum.comments.body import make_body
from forum.comments.branches import more_replies
from forum.comments.change import PINS
from forum.comments.items import items
from forum.comments.models import State
from forum.comments.projection import PUBLIC, Audience
from forum.comments.queries import looking
from forum.comments.recount import find_faults
from forum.comments.windows import FIRST_REPLIES, window
from forum.config import Settings
from forum.database import Database, Db, open_database
from forum.errors import Refusal
from forum.life import settle_life
from forum.live.messages import Changes, changes
from forum.moderation.bans import Ban, ban_account, lift_ban
from forum.moderation.branches import pin_branch, set_branch
from forum.moderation.featuring import feature_comment
from forum.moderation.removals import hold_comment, remove_comment, restore_comment
from forum.moderation.shadows import lift_shadow, shadow_account
from forum.moderation.sweeps import finish_act
from forum.permissions import Role
from forum.search.faults import find_index_faults
from tests.live.page import Page
from tests.world import World

READERS = ("nora", "omar")
COMMENTS = Bundle("comments")
WORD = "drattle"
"""Held until a moderator has looked."""


@dataclass
class Modelled:
    """A comment as the model knows it."""

    parent: int | None
    by: str
    body: str
    state: str = "visible"
    was_public: bool = True
    found: bool = False
    """Whether a check found something in its text; a moderator who lets it show has approved that."""
    marks: set[str] = field(default_factory=set)
    """What is set: pinned, featured, closed."""
    shadowed: bool = False
    """Held, and visible to its author."""


@dataclass
class Kept:
    """A page that one audience keeps by messages."""

    audience: Audience
    by: str | None
    page: Page = field(default_factory=Page)


class Discussion(RuleBasedStateMachine):
    """The machine; a subclass gives the site, and may plant a bug."""

    make_settings: Callable[[], Settings]

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.model: dict[int, Modelled] = {}
        self.version = 0
        self.banned: set[str] = set()
        self.shadowed: set[str] = set()
        self.apart: set[str] = set()
        self.sent: list[Changes] = []

    @initialize()
    def begin(self) -> None:
        """An empty discussion, two readers, a moderator, and a page for each audience."""
        settings = type(self).make_settings()
        self.database: Database = self.run(self.opened(settings))
        self.world = World(self.database)
        self.slug = self.run(self.world.article())
        self.article = self.run(self.world.article_id(self.slug))
        self.people = {name: self.run(self.world.account(name)) for name in READERS}
        self.run(self.world.words("suspect", WORD))
        self.run(self.world.check("suspect", "hold"))
        self.moderator: Actor = self.run(self.world.account("mona", Role.MODERATOR))
        self.kept = [Kept(PUBLIC, None), *(Kept(Audience(self.people[name].account_id), name) for name in READERS)]

    async def opened(self, settings: Settings) -> Database:
        """The site's database."""
        database = open_database(settings)
        await settle_life(database, settings)
        return database

    def run(self, work: Any) -> Any:
        """Run a coroutine to its end."""
        return self.loop.run_until_complete(work)

    def teardown(self) -> None:
        """Close what was opened."""
        if hasattr(self, "database"):
            self.run(self.database.close())
        self.loop.close()

    def act(self, action: Callable[..., Any], **arguments: Any) -> Any:
        """Run an action; None where it is refused."""
        try:
            return self.run(self.database.write(action, **arguments))
        except Refusal:
            return None

    def changed(self) -> None:
        """The discussion has changed once: send what a hub would send."""
        self.version += 1
        message = self.run(self.database.read(changes, self.article, after=self.version - 1))
        self.sent.append(message)

    @rule(target=COMMENTS, by=st.sampled_from(READERS), body=st.sampled_from("abc"), held=st.integers(0, 2))
    def post(self, by: str, body: str, held: int) -> Any:
        """Somebody comments."""
        return self.posted(by, body, None, held=held == 0)

    @rule(target=COMMENTS, by=st.sampled_from(READERS), parent=COMMENTS, held=st.integers(0, 2))
    def reply(self, by: str, parent: int, held: int) -> Any:
        """Somebody answers, perhaps what is not there any more."""
        return self.posted(by, "answer", parent, held=held == 0)

    @rule(target=COMMENTS, by=st.sampled_from(READERS))
    def post_what_a_check_holds(self, by: str) -> Any:
        """Somebody writes a word that moderators look at first."""
        return self.posted(by, f"{WORD} it", None, held=True, checked=True)

    def posted(self, by: str, body: str, parent: int | None, *, held: bool, checked: bool = False) -> Any:
        """Post, in the site and in the model."""
        done = self.act(
            post_comment,
            author=self.people[by],
            slug=self.slug,
            parent_id=parent,
            body=make_body(body),
            state=None if checked else State.HELD if held else State.VISIBLE,
        )
        may = by not in self.banned and (parent is None or self.takes_replies(parent, by))
        assert (done is not None) == may
        if done is None:
            return multiple()
        shadowed = not held and (by in self.shadowed or (parent is not None and self.model[parent].shadowed))
        state = "held" if held or shadowed else "visible"
        self.model[done.comment_id] = Modelled(parent, by, body, state, state == "visible", checked, shadowed=shadowed)
        self.changed()
        return done.comment_id

    def takes_replies(self, parent: int, by: str) -> bool:
        """Whether a comment can be answered by this reader: it is there, and its branch is not closed."""
        root = self.model[parent]
        while root.parent is not None:
            root = self.model[root.parent]
        return self.is_visible(parent, by) and "closed" not in root.marks

    @rule(comment=COMMENTS, mark=st.sampled_from(["pinned", "featured", "closed"]), value=st.booleans())
    def control(self, comment: int, mark: str, value: bool) -> None:
        """A moderator pins or picks a comment, closes its branch, or takes that back."""
        known, mona = self.model[comment], {"moderator": self.moderator}
        may, done = known.state == "visible", None
        if mark == "featured":
            done = self.act(feature_comment, person=self.moderator, comment_id=comment, value=value)
        elif mark == "pinned":
            may &= known.parent is None and ("pinned" in known.marks or not value or self.pinned() < PINS)
            done = self.act(pin_branch, **mona, comment_id=comment, value=value)
        else:
            stands = known.state != "deleted" or self.run(self.world.comment(comment)).reply_count > 0
            may = known.parent is None and stands
            done = self.act(set_branch, **mona, comment_id=comment, closed=value)
        assert (done is not None) == may
        if may and (mark in known.marks) != value:
            known.marks ^= {mark}
            self.changed()

    def pinned(self) -> int:
        """How many branches are pinned."""
        return sum(1 for one in self.model.values() if one.state == "visible" and "pinned" in one.marks)

    @rule(comment=COMMENTS, body=st.sampled_from(["edited once", "edited again", f"{WORD} again"]))
    def edit(self, comment: int, body: str) -> None:
        """Its author writes something else."""
        known = self.model[comment]
        version = self.run(self.world.comment(comment)).version
        done = self.act(
            edit_comment,
            author=self.people[known.by],
            comment_id=comment,
            body=make_body(body),
            version=version,
            within=timedelta(hours=1),
        )
        assert (done is not None) == (known.by not in self.banned and known.state in ("visible", "held"))
        if done is not None and known.body != body:
            found = WORD in body
            seemed_visible = known.state == "visible" or known.shadowed
            if seemed_visible and found and not known.found:
                known.state, known.shadowed = "held", False
            elif seemed_visible and (known.shadowed or known.by in self.shadowed):
                known.state, known.shadowed = "held", True
            known.body, known.found = body, found
            self.changed()

    @rule(comment=COMMENTS)
    def delete(self, comment: int) -> None:
        """Its author takes it away."""
        known = self.model[comment]
        done = self.act(delete_comment, author=self.people[known.by], comment_id=comment)
        if done is not None and known.state in ("visible", "held"):
            known.state, known.shadowed = "deleted", False
            self.changed()

    @rule(comment=COMMENTS, act=st.sampled_from(["remove", "hold", "restore"]))
    def moderate(self, comment: int, act: str) -> None:
        """A moderator removes, holds or restores it."""
        known = self.model[comment]
        reason = {"reason": "spam"} if act == "remove" else {}
        actions: dict[str, Callable[..., Any]] = {
            "remove": remove_comment,
            "hold": hold_comment,
            "restore": restore_comment,
        }
        self.act(actions[act], moderator=self.moderator, comment_id=comment, **reason)
        follows = {
            ("remove", "visible"): "removed",
            ("remove", "held"): "removed",
            ("hold", "visible"): "held",
            ("restore", "removed"): "visible",
            ("restore", "held"): "visible",
        }
        if following := follows.get((act, known.state)):
            if following == "visible" and self.pinned() >= PINS:
                known.marks.discard("pinned")
            known.state, known.shadowed = following, False
            known.was_public = known.was_public or following == "visible"
            self.changed()

    @rule(name=st.sampled_from(READERS), release=st.booleans())
    def shadow_or_lift(self, name: str, release: bool) -> None:
        """A moderator puts somebody into the shadow, or takes them out, perhaps with what they wrote there."""
        if name not in self.shadowed:
            self.act(shadow_account, moderator=self.moderator, handle=name, reason="too loud")
            self.shadowed.add(name)
            self.apart.add(name)
            return
        act_id = self.act(lift_shadow, moderator=self.moderator, handle=name, release=release)
        self.shadowed.remove(name)
        mine = [known for known in self.model.values() if known.by == name and known.shadowed]
        if act_id is not None:
            self.run(finish_act(self.database, act_id))
            for known in mine:
                if self.pinned() >= PINS:
                    known.marks.discard("pinned")
                known.state, known.shadowed, known.was_public = "visible", False, True
            if mine:
                self.changed()

    @rule(name=st.sampled_from(READERS))
    def ban_or_lift(self, name: str) -> None:
        """A moderator bans somebody, or lets them in again."""
        if name in self.banned:
            self.act(lift_ban, moderator=self.moderator, handle=name)
            self.banned.remove(name)
        else:
            self.act(ban_account, moderator=self.moderator, handle=name, ban=Ban(reason="too loud"))
            self.banned.add(name)

    @rule(data=st.data())
    def deliver(self, data: st.DataObject) -> None:
        """Any message arrives at any page, perhaps again, perhaps late; a gap is asked for."""
        if not self.sent:
            return
        message = data.draw(st.sampled_from(self.sent))
        kept = data.draw(st.sampled_from(self.kept))
        self.hand_over(kept, message)

    def hand_over(self, kept: Kept, sent: Changes) -> None:
        """What the hub does: who wrote what the public does not see catches up with a view of their own."""
        own = kept.audience.account_id in sent.hidden_authors or kept.by in self.apart
        if own or kept.page.apply(sent.message):
            self.catch_up(kept)

    def catch_up(self, kept: Kept) -> None:
        """The page asks for all that it lacks."""
        found = self.run(self.database.read(changes, self.article, after=kept.page.version, audience=kept.audience))
        kept.page.apply(found.message)

    @rule()
    def compare(self) -> None:
        """Each page, brought up to date, equals one fetched afresh."""
        for kept in self.kept:
            self.catch_up(kept)
            fresh = self.run(self.database.read(fetch_afresh, self.article, kept.audience))
            assert kept.page.looks() == fresh.looks(), kept.by
            for number, item in fresh.comments.items():
                assert kept.page.replies.get(number, 0) == fresh.replies[number], (kept.by, item)
            assert (kept.page.version, kept.page.count) == (fresh.version, fresh.count)

    @invariant()
    def it_is_whole(self) -> None:
        """P3, P4, P5, and what each audience sees is what the model says."""
        if not hasattr(self, "database"):
            return
        assert self.run(self.database.read(find_faults)) == []
        assert self.run(self.database.read(find_index_faults)) == []
        fresh = self.run(self.database.read(fetch_afresh, self.article, PUBLIC))
        assert (fresh.version, fresh.count) == (self.version, len(self.visible(None)))
        assert fresh.comments.keys() == self.listed(None)
        for name in READERS:
            audience = Audience(self.people[name].account_id)
            seen = self.run(self.database.read(fetch_afresh, self.article, audience))
            assert seen.comments.keys() == self.listed(name)
            assert seen.count == len(self.visible(name))
            assert {number for number, item in seen.comments.items() if item["state"] == "visible"} == self.visible(
                name
            )
            self.counts_as_if_visible(seen, name)

    def counts_as_if_visible(self, seen: Page, name: str) -> None:
        """To whoever is in the shadow, each comment has as many replies as if theirs were visible."""
        hung_on = Counter(above for number in self.visible(name) for above in self.above(number))
        for number in seen.comments:
            if self.depth(number) <= 6:
                assert seen.replies[number] == hung_on[number], (name, number)

    def depth(self, number: int) -> int:
        """The level of a comment."""
        parent = self.model[number].parent
        return 1 if parent is None else self.depth(parent) + 1

    def is_visible(self, number: int, name: str | None) -> bool:
        """Whether a comment is visible, or seems so to this reader."""
        known = self.model[number]
        return known.state == "visible" or (known.shadowed and known.by == name)

    def visible(self, name: str | None) -> set[int]:
        """What everybody may read, by the model, and what this reader has in the shadow."""
        return {number for number in self.model if self.is_visible(number, name)}

    def listed(self, name: str | None) -> set[int]:
        """What stands on a page, tombstones with it: whatever a visible comment hangs on, and one's own held."""
        listed = self.visible(name)
        for number in list(listed):
            listed |= self.above(number)
        own = {number for number, known in self.model.items() if known.state == "held" and known.by == name}
        return listed | own

    def above(self, number: int) -> set[int]:
        """What a comment hangs on: what it answers, and what that stands under."""
        path = [number]
        while (parent := self.model[path[-1]].parent) is not None:
            path.append(parent)
        return set(path[1:2]) | set(path[-6:]) - {number}


def fetch_afresh(db: Db, article_id: int, audience: Audience) -> Page:
    """A page loaded now, with all that it offers to open opened."""
    shown, after = [], None
    seen_as, recent = looking(db, article_id, audience.account_id)
    while True:
        found = window(db, article_id, sort="oldest", after=after, audience=seen_as, own_recent=recent)
        shown += [one.comment for node in found.nodes for one in node]
        after = found.next
        if after is None:
            break
    for root in [one for one in shown if one.depth == 1]:
        shown += more_replies(db, root.id, seen_as, after=FIRST_REPLIES)[0]
    head = db.get_one(Article, article_id)
    count = head.comment_count + seen_as.shadow.comments
    page = Page(version=head.version, count=count, state=head.discussion)
    page.comments = {item["id"]: item for item in items(db, shown, seen_as)}
    page.replies = {one.id: one.reply_count if one.depth <= 6 else 0 for one in shown}
    return page
