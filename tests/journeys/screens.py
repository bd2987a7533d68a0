"""Every screen of the site, with something on it, for whoever sees it."""

from dataclasses import dataclass

from forum.permissions import Role
from tests.journeys.stage import Stage


@dataclass(frozen=True, slots=True)
class Screen:
    """A page as one kind of person sees it: a guest where no handle is given."""

    path: str
    handle: str = ""
    role: Role = Role.READER
    status: int = 200

    def __str__(self) -> str:
        return f"{self.path} as {self.handle or 'a guest'}"


def banned(stage: Stage) -> str:
    """Somebody who was banned; gives the handle."""
    stage.run(stage.world.account("hugo"))
    stage.ban("hugo", "Advertisements.")
    return "hugo"


def full_desk(stage: Stage, author: str) -> list[str]:
    """Something in each queue of the desk, with what can stand beside it; gives addresses, one of what is decided."""
    slug = stage.article("What the desk has to look at")
    newcomer = "newcomer-whose-handle-is-long"
    stage.rename(newcomer, "Hildegard-Maximiliane Schwarzenwaldhausen of the Old Basin")
    stage.run(stage.world.words("suspect", "clown"))
    stage.run(stage.world.check("suspect", "hold"))
    root = stage.post(slug, "To be answered.", by="omar")
    stage.run(stage.world.post(slug, "The mayor is a clown.", by=newcomer, parent=root))
    stage.run(stage.world.check("suspect", "off"))
    stage.report(stage.post(slug, "Buy my oars.", by=newcomer), by="pia", note="Again.")
    gone, decided = [stage.post(slug, text, by=author) for text in ("A figure of speech.", "Another.")]
    stage.remove(gone)
    stage.moderate(f"/accounts/{author}/notes", text="Knows weirs.")
    stage.moderate(f"/accounts/{author}/warn", text="No capitals, please.")
    stage.moderate(f"/accounts/{newcomer}/suspend", right="vote", reason="Votes in swarms.", until="7")
    stage.appeal(gone, "It is one, really.", by=author)
    stage.report(decided, by="pia")
    stage.remove(decided)
    return [
        *(f"/moderation?queue={queue}&article={slug}" for queue in ("reports", "held", "appeals", "accounts")),
        f"/moderation?item={decided}",
        f"/accounts/{newcomer}/ban",
    ]


def busy_article(stage: Stage) -> tuple[str, list[int]]:
    """An article with 40 comments in every state there is; its slug, and ids of comments."""
    slug = stage.article("A headline that is long enough to need a second line on a narrow screen")
    tops = stage.fill(slug, 30)
    chain = [tops[-1]]
    for _ in range(7):
        chain.append(stage.post(slug, "Deeper, and deeper still.", by="omar", parent=chain[-1]))
    last = tops[-2]
    stage.post(slug, "An answer that keeps its place.", by="omar", parent=last)
    stage.run(stage.world.post(slug, "To be looked at first.", by="iris", held=True))
    stage.remove(last)
    stage.edit(
        tops[-3], "# Edited\n\n> with a quotation\n\nand `code`, a [link](https://example.org/), and a list:\n\n- one"
    )
    word = "Donaudampfschifffahrtsgesellschaftskapitän" * 3
    stage.edit(
        tops[-4],
        f"A word that is too long: {word} and\n\n```python\nwide = {word!r}\n```\n\n|a|b|\n|-|-|\n|{word}|{word}|",
    )
    stage.post(slug, "From the desk.", by="mona", parent=tops[-3])
    stage.report(tops[-5], by="pia", note="It is the third time.")
    stage.moderate(f"/comments/{tops[-6]}/pin", value="1")
    stage.moderate(f"/comments/{tops[-6]}/feature", value="1")
    stage.moderate(f"/comments/{tops[-1]}/branch", state="closed", reason="It goes in circles")
    stage.moderate(f"/comments/{tops[-3]}/slow", seconds="900")
    return slug, tops


def screens(stage: Stage) -> list[Screen]:
    """All of them."""
    slug, tops = busy_article(stage)
    empty = stage.article("Nothing said yet")
    stage.moderate(f"/articles/{empty}/slow", seconds="300")
    guest = ["/", "/sections/news", "/tags/bridges", f"/articles/{empty}", f"/articles/{slug}", f"/comments/{tops[-1]}"]
    guest += [f"/articles/{slug}?show={show}" for show in ("picks", "newsroom")]
    guest += ["/search", "/search?q=deeper&sort=best", "/search?author=omar"]
    guest += [
        "/accounts/nora",
        f"/accounts/{banned(stage)}",
        "/sign-in",
        "/register",
        "/rules",
    ]
    reader = [f"/articles/{empty}", f"/articles/{slug}", f"/comments/{tops[-3]}", "/accounts/iris"]
    reader += [f"/settings/{one}" for one in ("profile", "avatar", "password", "sessions", "reports", "decisions")]
    desk = [
        *full_desk(stage, "lars"),
        "/moderation",
        "/moderation/bans",
        "/moderation/bans?network=192.0.0.0/16",
        "/moderation/bans?domain=example.org",
        "/moderation/log",
        "/moderation/checks",
        "/moderation/sections",
        "/accounts/nora",
        "/accounts/nora/ban",
        f"/comments/{tops[-2]}",
    ]
    editor = ["/editor", "/editor/new", f"/editor/{slug}"]
    return [
        *(Screen(path) for path in guest),
        *(Screen(path, "iris") for path in reader),
        Screen("/settings/reports", "pia"),
        Screen("/settings/decisions", "lars"),
        *(Screen(path, "mona", Role.MODERATOR) for path in [*desk, f"/articles/{slug}"]),
        *(Screen(path, "eddie", Role.EDITOR) for path in editor),
        *(
            Screen(path, "ada", Role.ADMIN)
            for path in ("/site", "/moderation/checks", f"/moderation/checks?article={slug}")
        ),
        Screen("/search?q=deeper&author=nobody", status=422),
        Screen("/nowhere", status=404),
        Screen("/moderation", "iris", status=403),
    ]
