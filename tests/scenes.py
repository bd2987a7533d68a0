"""For every route of docs/permissions.md: the things that a valid request needs, made anew, and the request."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from itertools import count
from pathlib import Path

from sqlalchemy import func, select, update

from forum.accounts.actions import Browser, NewAccount, create_account, make_reset_link, start_session
from forum.accounts.actor import Actor
from forum.accounts.avatars import AVATAR_SIZES
from forum.accounts.handles import check_handle
from forum.accounts.queries import account_by_handle, sessions_of
from forum.articles.actions import ArticleText, create_article
from forum.articles.models import Article, DiscussionState, Publication, Section
from forum.articles.queries import any_article
from forum.articles.slugs import move_article
from forum.comments.actions import delete_comment, post_comment
from forum.comments.body import make_body
from forum.comments.models import Comment, State
from forum.database import Db, now
from forum.moderation.ban_appeals import make_appeal_link
from forum.moderation.bans import Ban, ban_account
from forum.moderation.comment_appeals import appeal_comment
from forum.moderation.domain_bans import ban_domain
from forum.moderation.models import Act, Appeal
from forum.moderation.network_bans import ban_network
from forum.moderation.remarks import warn_account
from forum.moderation.removals import remove_comment
from forum.moderation.sanctions import Terms
from forum.moderation.shadows import shadow_account
from forum.moderation.suspensions import suspend_right
from forum.moderation.sweeps import do_batch
from forum.permissions import Right, Role
from forum.site.actions import describe_site
from tests.accounts.site import OTHER_PASSWORD, PASSWORD, Site
from tests.articles.newspaper import picture
from tests.permission_table import allowed

STORY = {"headline": "A bridge", "body": "It closes.", "sections": "News"}
KEY = "0" * 32
_numbers = count()


@dataclass(frozen=True, slots=True)
class Ask:
    """A request: its path, its form where it sends one, the picture in it, and the address it comes from."""

    path: str
    form: Mapping[str, str] = field(default_factory=dict)
    picture: bytes = b""
    address: str = "203.0.113.5"


@dataclass(slots=True)
class Scene:
    """Somebody of a role and what they ask for, made in one transaction; `age` is how long ago a comment was made."""

    db: Db
    role: str
    what: str
    password_hash: str
    uploads: Path
    age: timedelta = timedelta(0)
    handle: str = ""
    token: str | None = None

    def __post_init__(self) -> None:
        if self.role != "guest":
            self.handle = self.somebody(Role.READER if self.role == "banned" else Role(self.role))
            self.token = self.session_of(self.handle)

    def ask(self, request: str) -> Ask:
        """The request as this person sends it, once all that it needs is there."""
        ask = REQUESTS[request](self)
        if "a banned network" in self.what:
            address = f"198.51.100.{next(_numbers) % 256}"
            self.ban_network(address)
            ask = replace(ask, address=address)
        if self.what == "in the shadow" and self.handle:
            self.shadow(self.handle)
        if "right suspended" in self.what and self.handle:
            for right in Right:
                self.suspend(self.handle, right)
        if "a banned domain" in self.what:
            self.ban_domain("spam.example.org")
        if self.role == "banned":
            ban_account(self.db, moderator=None, handle=self.handle, ban=Ban("Spam."))
        return ask

    def somebody(self, role: Role = Role.READER) -> str:
        """A new account; gives its handle."""
        handle = "per" + "".join("abcdefghjk"[int(digit)] for digit in str(next(_numbers)))
        create_account(self.db, NewAccount(check_handle(handle), handle, password_hash=self.password_hash, role=role))
        return handle

    def actor(self, handle: str) -> Actor:
        """An account acts."""
        account = account_by_handle(self.db, handle)
        assert account is not None
        return Actor(account.id)

    def session_of(self, handle: str) -> str:
        """A sign-in of that account; gives the cookie."""
        account_id = self.actor(handle).account_id
        return start_session(
            self.db, account_id=account_id, password_hash=self.password_hash, browser=Browser(), days=30
        )

    def whose(self) -> str:
        """The handle that the row speaks of."""
        if self.what.startswith("own"):
            return self.handle
        roles = {"a moderator's": Role.MODERATOR, "an editor's": Role.EDITOR, "an admin's": Role.ADMIN}
        return self.somebody(roles.get(self.what, Role.READER))

    def article(self) -> str:
        """An article in the state that the row names."""
        slug = self.new_article()
        self.settle(slug)
        if "warned" in self.what:
            warn_account(self.db, moderator=self.actor(self.somebody(Role.ADMIN)), handle=self.handle, text="Slowly.")
        return slug

    def address(self) -> str:
        """The slug by which an article is asked for, or one that it had before."""
        slug = self.article()
        if "at a former address" in self.what:
            article = any_article(self.db, slug)
            assert article is not None
            move_article(self.db, article, f"moved-{next(_numbers)}")
        return slug

    def new_article(self) -> str:
        """An open article in a section and with a tag."""
        section = "Shut" if "in a closed section" in self.what else "News"
        text = ArticleText(
            "A bridge", "", "It closes.", "<p>It closes.</p>", [section], ["Bridges"], publication=Publication.PUBLISHED
        )
        return create_article(self.db, editor=self.actor(self.somebody(Role.EDITOR)), text=text)

    def settle(self, slug: str) -> None:
        """Bring an article into the state that the row names."""
        values: dict[str, object] = {}
        if "a draft" in self.what:
            values = {"publication": Publication.DRAFT}
        elif "discussion off" in self.what:
            values = {"discussion": DiscussionState.OFF}
        elif "read-only" in self.what:
            values = {"discussion": DiscussionState.READONLY}
        elif "whose time is over" in self.what:
            values = {"closes_at": now() - timedelta(hours=1)}
        elif "in slow mode" in self.what:
            values = {"slow": 300}
        self.db.execute(update(Section).where(Section.slug == "shut").values(closed_at=now()))
        if values:
            self.db.execute(update(Article).where(Article.slug == slug).values(**values))

    def article_id(self) -> int:
        """The id of an article in the state that the row names."""
        article = any_article(self.db, self.article())
        assert article is not None
        return article.id

    def comment(self) -> Comment:
        """A comment of the author, and in the state, that the row names."""
        slug, whose = self.new_article(), self.whose()
        author = self.actor(whose)
        if "in the shadow" in self.what:
            self.shadow(whose)
        posted = post_comment(
            self.db,
            author=author,
            slug=slug,
            parent_id=None,
            body=make_body("A comment."),
            state=State.HELD if "held" in self.what else State.VISIBLE,
            at=now() - self.age,
        )
        if "removed" in self.what:
            moderator = self.actor(self.somebody(Role.MODERATOR))
            remove_comment(self.db, moderator=moderator, comment_id=posted.comment_id, reason="spam")
        if "deleted" in self.what:
            delete_comment(self.db, author=author, comment_id=posted.comment_id)
        self.settle(slug)
        return self.db.get_one(Comment, posted.comment_id)

    def act(self) -> int:
        """What the row says that somebody did; gives its entry in the log."""
        if "ban" not in self.what:
            return self.removal()
        handle = self.somebody(Role.MODERATOR if "moderator" in self.what else Role.READER)
        ban_account(self.db, moderator=None, handle=handle, ban=Ban("Spam."))
        return self.db.execute(select(func.max(Act.id))).scalar_one()

    def ban_network(self, network: str) -> str:
        """Ban a network; gives it."""
        moderator = self.actor(self.somebody(Role.MODERATOR))
        return ban_network(self.db, moderator=moderator, network=network, terms=Terms("Spam."))

    def ban_domain(self, domain: str) -> str:
        """Ban a domain of e-mail addresses."""
        moderator = self.actor(self.somebody(Role.MODERATOR))
        return ban_domain(self.db, moderator=moderator, domain=domain, terms=Terms("Spam."))

    def shadow(self, handle: str) -> None:
        """Put somebody into the shadow."""
        moderator = self.actor(self.somebody(Role.MODERATOR))
        shadow_account(self.db, moderator=moderator, handle=handle, reason="Spam.")

    def suspend(self, handle: str, right: Right) -> str:
        """Suspend a right of somebody; gives their handle."""
        admin = self.actor(self.somebody(Role.ADMIN))
        suspend_right(self.db, moderator=admin, handle=handle, right=right, terms=Terms("Spam."))
        return handle

    def appeal(self) -> int:
        """An appeal about a held comment, or a ban."""
        handle = self.whose()
        author = self.actor(handle)
        if "ban" in self.what:
            ban_account(self.db, moderator=None, handle=handle, ban=Ban("Spam."))
            act_id = self.db.execute(select(func.max(Act.id))).scalar_one()
            self.db.add(Appeal(account_id=author.account_id, act_id=act_id, text="It was not me."))
        else:
            posted = post_comment(
                self.db,
                author=author,
                slug=self.new_article(),
                parent_id=None,
                body=make_body("A comment."),
                state=State.HELD,
            )
            appeal_comment(self.db, author=author, comment_id=posted.comment_id, text="It is true.")
        self.db.flush()
        return int(self.db.execute(select(func.max(Appeal.id))).scalar_one())

    def removal(self) -> int:
        """A removal of all that somebody wrote; gives its entry in the log."""
        act = ban_account(self.db, moderator=None, handle=self.whose(), ban=Ban("Spam.", remove="all"))
        assert act is not None
        assert do_batch(self.db, act_id=act)
        return act

    def reset_token(self) -> str:
        """A link for a new password."""
        if self.what == "unknown":
            return "nobody-knows-this-token"
        return make_reset_link(self.db, handle_folded=self.whose())

    def appeal_token(self) -> str:
        """A link to the page of a ban."""
        if self.what == "unknown":
            return "nobody-knows-this-token"
        handle = self.whose()
        if "banned" in self.what:
            ban_account(self.db, moderator=None, handle=handle, ban=Ban("Spam."))
        return make_appeal_link(self.actor(handle).account_id, self.password_hash)

    def session_id(self) -> int:
        """A sign-in, not the one that asks."""
        handle = self.whose()
        self.session_of(handle)
        return max(session.id for session in sessions_of(self.db, self.actor(handle).account_id))

    def picture(self) -> str:
        """The name of a stored picture."""
        self.uploads.mkdir(parents=True, exist_ok=True)
        (self.uploads / f"{KEY}-480.webp").write_bytes(b"RIFF")
        return f"{KEY}-480.webp"

    def colours(self) -> str:
        """The address of the site's colours."""
        describe_site(self.db, {"action_colour": "#0b5a4e"})
        return "/site.css"

    def unpinned(self, slug: str) -> str:
        """The article, where no other is pinned."""
        self.db.execute(update(Article).values(pinned_at=None))
        return slug

    def listed(self, path: str) -> str:
        """The address of a section or tag, once it has an article."""
        self.new_article()
        return path


def _post(scene: Scene) -> Ask:
    form = {"body": "A comment."}
    if "in a closed branch" in scene.what:
        root = scene.comment()
        root.closed_at = now()
        slug = scene.db.get_one(Article, root.article_id).slug
        return Ask(f"/articles/{slug}/comments", form | {"parent": str(root.id)})
    slug = scene.article()
    if "a second one" in scene.what and scene.handle:
        post_comment(
            scene.db, author=scene.actor(scene.handle), slug=slug, parent_id=None, body=make_body("The first.")
        )
    return Ask(f"/articles/{slug}/comments", form)


def _edit(scene: Scene) -> Ask:
    comment = scene.comment()
    return Ask(f"/comments/{comment.id}/edit", {"body": "Another text.", "version": str(comment.version)})


def _decide_several(scene: Scene) -> Ask:
    comment = scene.comment()
    return Ask("/moderation/decisions", {"act": "remove", "reason": "spam", "chosen": f"{comment.id}.1.0"})


def _look(scene: Scene) -> Ask:
    handle = scene.whose()
    post_comment(
        scene.db, author=scene.actor(handle), slug=scene.new_article(), parent_id=None, body=make_body("A comment.")
    )
    return Ask(f"/accounts/{handle}/looked")


def _new_account(scene: Scene) -> Ask:
    name = "new" + scene.somebody()
    email = {"email": f"{name}@post.spam.example.org"} if "domain" in scene.what else {}
    return Ask("/register", {"handle": name, "display_name": name, "password": OTHER_PASSWORD} | email)


def _picture(scene: Scene) -> Ask:
    if scene.what.startswith(("from", "right")):
        return Ask("/settings/avatar", picture=picture(40, 30))
    return Ask("/settings/avatar", {"remove": "1"})


def _just(path: str, **form: str) -> Callable[[Scene], Ask]:
    return lambda _scene: Ask(path, form)


def _of_comment(act: str = "", **form: str) -> Callable[[Scene], Ask]:
    return lambda scene: Ask(f"/comments/{scene.comment().id}{act}", form)


def _of_article(tail: str = "", **form: str) -> Callable[[Scene], Ask]:
    return lambda scene: Ask(f"/articles/{scene.address()}{tail}", form)


def _of_account(tail: str = "", **form: str) -> Callable[[Scene], Ask]:
    return lambda scene: Ask(f"/accounts/{scene.whose()}{tail}", form)


REQUESTS: dict[str, Callable[[Scene], Ask]] = {
    "GET /": _just("/"),
    "GET /articles/{slug}": _of_article(),
    "GET /articles/{slug}/feed": _of_article("/feed"),
    "GET /articles/{slug}/changes": _of_article("/changes?after=0"),
    "GET /articles/{slug}/arrivals": _of_article("/arrivals?after=0"),
    "POST /articles/{slug}/comments": _post,
    "GET /articles/{slug}/new": _of_article("/new?after=0"),
    "POST /articles/{slug}/seen": _of_article("/seen", since="1", ranges=""),
    "POST /articles/{slug}/discussion": _of_article("/discussion", state="readonly"),
    "POST /articles/{slug}/slow": _of_article("/slow", seconds="60"),
    "POST /articles/{slug}/closing": _of_article("/closing", when="days", days="14"),
    "POST /articles/{slug}/pin": lambda scene: Ask(f"/articles/{scene.unpinned(scene.article())}/pin", {"value": "1"}),
    "GET /sections/{slug}": lambda scene: Ask(scene.listed("/sections/news")),
    "GET /sections/{slug}/feed": lambda scene: Ask(scene.listed("/sections/news/feed")),
    "GET /feed": _just("/feed"),
    "GET /sitemap.xml": _just("/sitemap.xml"),
    "GET /sitemaps/lists.xml": _just("/sitemaps/lists.xml"),
    "GET /sitemaps/{id}.xml": lambda scene: Ask(scene.listed("/sitemaps/1.xml")),
    "GET /robots.txt": _just("/robots.txt"),
    "GET /tags/{slug}": lambda scene: Ask(scene.listed("/tags/bridges")),
    "GET /search": lambda scene: Ask(f"/search?q=closes&section={scene.listed('news')}"),
    "GET /rules": _just("/rules"),
    "WS /live": lambda scene: Ask(
        "/live?desk=1" if scene.what == "the desk" else f"/live?article={scene.article_id()}&after=0&epoch="
    ),
    "POST /comments/preview": lambda scene: Ask("/comments/preview", {"body": "A text.", "slug": scene.article()}),
    "GET /comments/{id}": _of_comment(),
    "GET /comments/{id}/feed": _of_comment("/feed"),
    "GET /comments/{id}/replies": _of_comment("/replies"),
    "POST /comments/{id}/edit": _edit,
    "POST /comments/{id}/delete": _of_comment("/delete"),
    "POST /comments/{id}/vote": _of_comment("/vote", value="1"),
    "POST /comments/{id}/report": _of_comment("/report", reason="spam"),
    "POST /comments/{id}/remove": _of_comment("/remove", reason="spam"),
    "POST /comments/{id}/restore": _of_comment("/restore"),
    "POST /comments/{id}/dismiss": _of_comment("/dismiss"),
    "POST /comments/{id}/appeal": _of_comment("/appeal", text="It is true."),
    "POST /moderation/decisions": _decide_several,
    "POST /moderation/appeals/{id}": lambda scene: Ask(f"/moderation/appeals/{scene.appeal()}", {"granted": "yes"}),
    "POST /comments/{id}/feature": _of_comment("/feature", value="1"),
    "POST /comments/{id}/pin": _of_comment("/pin", value="1"),
    "POST /comments/{id}/branch": _of_comment("/branch", state="closed"),
    "POST /comments/{id}/slow": _of_comment("/slow", seconds="60"),
    "GET /moderation": _just("/moderation"),
    "GET /moderation/sections": _just("/moderation/sections"),
    "POST /moderation/sections/{slug}": lambda scene: Ask(scene.listed("/moderation/sections/news"), {"state": "open"}),
    "GET /moderation/checks": _just("/moderation/checks"),
    "POST /moderation/checks": _just("/moderation/checks", links="hold", links_amount="2"),
    "POST /moderation/words": _just("/moderation/words", list="banned", entries="drat"),
    "POST /moderation/reports": _just("/moderation/reports", reports="3", weight="60"),
    "GET /moderation/log": _just("/moderation/log"),
    "GET /moderation/log.csv": _just("/moderation/log.csv"),
    "GET /moderation/log.jsonl": _just("/moderation/log.jsonl"),
    "GET /moderation/bans": _just("/moderation/bans"),
    "POST /moderation/bans": _just("/moderation/bans", network="192.0.2.0/24", reason="Spam.", until="7"),
    "POST /moderation/bans/lift": lambda scene: Ask(
        "/moderation/bans/lift", {"network": scene.ban_network("192.0.2.0/24")}
    ),
    "GET /moderation/counts": _just("/moderation/counts"),
    "POST /moderation/claims": _just("/moderation/claims", item="comment-1"),
    "POST /moderation/acts/{id}/undo": lambda scene: Ask(f"/moderation/acts/{scene.act()}/undo"),
    "GET /accounts/{handle}": _of_account(),
    "GET /accounts/{handle}/feed": _of_account("/feed"),
    "GET /accounts/{handle}/ban": _of_account("/ban"),
    "POST /accounts/{handle}/ban": _of_account("/ban", reason="Spam.", until="7"),
    "POST /accounts/{handle}/ban/lift": _of_account("/ban/lift"),
    "POST /accounts/{handle}/watch": _of_account("/watch"),
    "POST /accounts/{handle}/unwatch": _of_account("/unwatch"),
    "POST /accounts/{handle}/shadow": _of_account("/shadow", reason="Spam."),
    "POST /accounts/{handle}/shadow/lift": _of_account("/shadow/lift"),
    "POST /accounts/{handle}/suspend": _of_account("/suspend", right="vote", reason="Spam.", until="7"),
    "POST /accounts/{handle}/suspend/lift": _of_account("/suspend/lift", right="vote"),
    "POST /accounts/{handle}/warn": _of_account("/warn", text="Stay with the article."),
    "POST /accounts/{handle}/notes": _of_account("/notes", text="Was rude in May."),
    "POST /accounts/{handle}/looked": _look,
    "GET /register": _just("/register"),
    "POST /register": _new_account,
    "GET /sign-in": _just("/sign-in"),
    "POST /sign-in": lambda scene: Ask("/sign-in", {"login": scene.whose(), "password": PASSWORD}),
    "POST /sign-out": _just("/sign-out"),
    "GET /appeal/{token}": lambda scene: Ask(f"/appeal/{scene.appeal_token()}"),
    "POST /appeal/{token}": lambda scene: Ask(f"/appeal/{scene.appeal_token()}", {"text": "It was not me."}),
    "GET /reset/{token}": lambda scene: Ask(f"/reset/{scene.reset_token()}"),
    "POST /reset/{token}": lambda scene: Ask(f"/reset/{scene.reset_token()}", {"password": OTHER_PASSWORD}),
    "GET /settings/profile": _just("/settings/profile"),
    "POST /settings/profile": _just("/settings/profile", display_name="Another Name"),
    "GET /settings/avatar": _just("/settings/avatar"),
    "POST /settings/avatar": _picture,
    "GET /settings/password": _just("/settings/password"),
    "POST /settings/password": _just("/settings/password", current=PASSWORD, password=OTHER_PASSWORD),
    "GET /settings/sessions": _just("/settings/sessions"),
    "POST /settings/sessions": lambda scene: Ask("/settings/sessions", {"end": str(scene.session_id())}),
    "GET /settings/reports": _just("/settings/reports"),
    "GET /settings/decisions": _just("/settings/decisions"),
    "GET /editor": _just("/editor"),
    "POST /editor": _just("/editor", **STORY),
    "GET /editor/new": _just("/editor/new"),
    "POST /editor/preview": _just("/editor/preview", **STORY),
    "GET /editor/{slug}": lambda scene: Ask(f"/editor/{scene.article()}"),
    "POST /editor/{slug}": lambda scene: Ask(f"/editor/{scene.article()}", STORY),
    "POST /editor/{slug}/preview": lambda scene: Ask(f"/editor/{scene.article()}/preview", STORY),
    "GET /site": _just("/site"),
    "POST /site": _just("/site", name="The Bridge"),
    "POST /site/switches": _just("/site/switches", registration_closed="1"),
    "GET /site.css": lambda scene: Ask(scene.colours()),
    "GET /avatars/{name}": lambda scene: Ask(
        f"/avatars/{scene.actor(scene.whose()).account_id}-{KEY}-{AVATAR_SIZES[0]}.webp"
    ),
    "GET /pictures/{name}": lambda scene: Ask(f"/pictures/{scene.picture()}"),
    "GET /logo/{name}": lambda scene: Ask(f"/logo/{scene.picture()}"),
    "GET /static/{path}": _just("/static/css/base.css"),
    "GET /healthz": _just("/healthz"),
    "GET /readyz": _just("/readyz"),
    "GET /metrics": _just("/metrics"),
}


def set_up(
    db: Db, *, request: str, role: str, what: str, password_hash: str, uploads: Path, age: timedelta
) -> tuple[Ask, str | None]:
    """Make all that a request needs; gives it, and the cookie of who sends it."""
    scene = Scene(db, role, what, password_hash, uploads, age)
    return scene.ask(request), scene.token


def prepare(
    site: Site, request: str, role: str = "admin", what: str | None = None, password_hash: str = "nobody's"
) -> tuple[Ask, str | None]:
    """A request that this role may send, by the first row of the table unless `what` says which, and its cookie."""
    scene = partial(
        set_up,
        request=request,
        role=role,
        what=allowed(request).what if what is None else what,
        password_hash=password_hash,
        uploads=site.state.settings.uploads,
        age=timedelta(0),
    )
    return site.do(site.database.write, scene)
