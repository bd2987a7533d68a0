"""Which pages of a discussion search engines are to keep, so that every comment is found, and on one page only.

They follow plain links: from the article's page to the oldest comments, from there to those that came later, and from
a branch by “n more replies” to the rest of it. These pages hold what no other does, and what stands on them stays
there: they are kept, each under its own address. The other orders and the filters show the same comments again, and
move with every new one: their first pages are the article's, the later ones are followed only. So is the page of one
comment, which stands in its discussion too.
"""

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from forum.comments.discussion import Discussion, Place
from forum.comments.windows import FIRST_REPLIES


@dataclass(frozen=True, slots=True)
class Indexed:
    """The address that a page is kept under, whether it is, and that of the next part.

    What came before is not named: pages go on from a comment, and know only what follows it.
    """

    path: str
    is_indexed: bool = True
    next: str | None = None


def indexed_as(slug: str, place: Place, discussion: Discussion | None) -> Indexed:
    """How an article's page is kept that shows this part of its discussion."""
    path = f"/articles/{quote(slug)}"
    asked = {"show": place.show} if place.show else {"sort": place.sort}
    following = discussion.next if discussion else None
    next_path = f"{path}?{urlencode(asked | {'after': following})}" if following else None
    from_the_oldest = place.sort == "oldest" and place.show is None
    if from_the_oldest and (place.after or following):
        after = {"after": place.after} if place.after else {}
        return Indexed(f"{path}?{urlencode(asked | after)}", next=next_path)
    return Indexed(path, place.after is None, next_path)


def branch_indexed_as(comment_id: int, *, after: int, following: int | None, holds_the_rest: bool) -> Indexed:
    """How a comment's own page is kept. `holds_the_rest` where it goes on with a branch that the article's begins."""
    path = f"/comments/{comment_id}"
    next_path = f"{path}?after={following}" if following else None
    is_indexed = holds_the_rest and after >= FIRST_REPLIES
    return Indexed(f"{path}?after={after}" if after else path, is_indexed, next_path)
