"""What is looked for in the log, as an address says it, and as the database is asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from gettext import gettext as _
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, false, or_, true

from forum.accounts.queries import account_by_handle
from forum.comments.reasons import reasons
from forum.database import Db
from forum.errors import Invalid
from forum.lines import check_day
from forum.moderation.models import Act, ActKind

LONGEST = 100
"""Characters of each field; more name nothing."""
MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class Search:
    """Entries by a moderator, about an account, of a kind, with words in the reason, of these days; empty: all."""

    by: str = ""
    account: str = ""
    kind: str = ""
    words: str = ""
    since: str = ""
    until: str = ""

    @property
    def values(self) -> dict[str, str]:
        """The fields that say something, as a form and an address have them."""
        named = {name: getattr(self, name) for name in self.__slots__}
        return {name: value for name, value in named.items() if value}

    def address(self, **more: object) -> str:
        """The part of an address behind the question mark, and the mark; empty where nothing is looked for."""
        found = urlencode(self.values | {name: value for name, value in more.items() if value})
        return f"?{found}" if found else ""


EVERYTHING = Search()


def search_of(params: Mapping[str, str]) -> Search:
    """What an address looks for."""
    fields = {name: params.get(name, "").strip()[:LONGEST] for name in EVERYTHING.__slots__}
    return Search(**fields)


def condition_of(db: Db, search: Search) -> ColumnElement[bool]:
    """Which entries are meant. Raises Invalid for a kind that there is not, and for what is no day."""
    condition = true() & (Act.id > 0)
    for column, handle in ((Act.by_id, search.by), (Act.account_id, search.account)):
        if handle:
            account = account_by_handle(db, handle.removeprefix("@"))
            condition &= column == account.id if account else false()
    if search.kind:
        condition &= Act.kind == _kind(search.kind)
    for word in search.words.split()[:MOST_WORDS]:
        condition &= _in_reason(word)
    if search.since:
        condition &= Act.created_at >= check_day(search.since, "since")
    if search.until:
        condition &= Act.created_at < check_day(search.until, "until", days=1)
    return condition


def _kind(text: str) -> ActKind:
    if text not in list(ActKind):
        raise Invalid(_("Choose a kind from the list."), "kind")
    return ActKind(text)


def _in_reason(word: str) -> ColumnElement[bool]:
    """A word in what was written, or in the words of a reason of the site's list, which is stored as a code.

    SQLite knows large and small letters of ASCII alone: the usual spellings of others are looked for too.
    """
    codes = [code for code, sentence in reasons() if word.casefold() in sentence.casefold()]
    spellings = {word} if word.isascii() else {word, word.lower(), word.upper(), word.capitalize()}
    return or_(Act.reason.in_(codes), *(Act.reason.icontains(one, autoescape=True) for one in spellings))
