"""What is looked for, as an address says it, and as an index is asked."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from gettext import gettext as _
from urllib.parse import urlencode

from forum.accounts.queries import account_by_handle
from forum.articles.queries import sections
from forum.database import Db
from forum.errors import BadRequest, Invalid
from forum.fulltext.index import by_account
from forum.fulltext.places import Match, Wanted, beginning_of
from forum.lines import check_day
from forum.terms import phrase_of

LONGEST = 200
"""Characters of what is looked for."""
MOST_PHRASES, MOST_TERMS = 10, 40
"""A run of Chinese is one phrase of almost as many terms as characters; what an index must do grows with both."""
MOST_TIMES = 3
"""That one term is asked for in a phrase. An index goes through all texts with “the” for each “the” of a phrase."""
NEWEST, BEST = "newest", "best"
SORTS = (NEWEST, BEST)
ARTICLES, COMMENTS = "articles", "comments"
KINDS = ("", ARTICLES, COMMENTS)

_FIELDS = {"q": "words", "author": "author", "section": "section", "from": "since", "to": "until"}
"""How a form calls what a search has."""
_QUOTES = re.compile("[“”„‟«»＂]")
_PARTS = re.compile(r'"([^"]*)"|([^\s"]+)')
_CURSOR = re.compile(r"[0-9]{1,18}\.-?[0-9]{1,18}")
"""What was published before 1970 has a place below 0."""


@dataclass(frozen=True, slots=True)
class Search:
    """Texts with these words, by an account, in a section, of these days; `kind` is articles or comments, or both."""

    words: str = ""
    author: str = ""
    section: str = ""
    since: str = ""
    until: str = ""
    kind: str = ""
    sort: str = NEWEST

    @property
    def is_asked(self) -> bool:
        """Whether anything is looked for."""
        return bool(self.words or self.author or self.section or self.since or self.until)

    @property
    def is_narrowed(self) -> bool:
        """Whether more is said than words."""
        return bool(self.author or self.section or self.since or self.until)

    @property
    def parts(self) -> list[str]:
        """Each word, or words that stood in quotation marks together."""
        return [quoted or word for quoted, word in _PARTS.findall(_QUOTES.sub('"', self.words))]

    def address(self, **changes: str) -> str:
        """The address of this search, or of one that differs from it in `show`, `sort` or `after`."""
        said = {name: getattr(self, field) for name, field in _FIELDS.items()}
        said |= {"show": self.kind, "sort": self.sort if self.sort != NEWEST else ""}
        return "/search?" + urlencode({name: value for name, value in (said | changes).items() if value})


def search_of(params: Mapping[str, str]) -> Search:
    """What an address looks for. An order or a kind that there is not is as if it were not said."""
    said = {field: params.get(name, "").strip() for name, field in _FIELDS.items()}
    kind, sort = params.get("show", ""), params.get("sort", "")
    return Search(**said, kind=kind if kind in KINDS else "", sort=sort if sort in SORTS else NEWEST)


def cursor_of(params: Mapping[str, str]) -> Match | None:
    """After which match a page goes on. Raises BadRequest for what is none of ours."""
    said = params.get("after", "")
    if not said:
        return None
    if not _CURSOR.fullmatch(said):
        raise BadRequest(_("This link to more results is broken. Search again."), "after")
    rank, _point, place = said.partition(".")
    return Match(int(rank), int(place))


def wanted_of(db: Db, search: Search) -> tuple[Wanted, int | None]:
    """What an index is asked, and in which section. Raises Invalid where a field is wrong, or says nothing."""
    phrases = _phrases_of(search)
    if search.author:
        phrases.append((_author_term(db, search.author),))
    section = _section_id(db, search.section) if search.section else None
    days = {}
    if search.since:
        days["since"] = beginning_of(check_day(search.since, "from"))
    if search.until:
        days["below"] = beginning_of(check_day(search.until, "to", days=1))
    if search.since and search.until and days["since"] >= days["below"]:
        raise Invalid(_("This day is before the first one."), "to")
    if not phrases:
        raise Invalid(_("Write a word to look for, or an author."), "q")
    return Wanted(tuple(dict.fromkeys(phrases)), **days), section


def _phrases_of(search: Search) -> list[tuple[str, ...]]:
    if len(search.words) > LONGEST:
        sentence = _("Look for %(most)d characters at most; these are %(typed)d.")
        raise Invalid(sentence % {"most": LONGEST, "typed": len(search.words)}, "q")
    phrases = [phrase for part in search.parts if (phrase := phrase_of(part))]
    if len(phrases) > MOST_PHRASES:
        raise Invalid(_("Look for %(most)d words or phrases at most.") % {"most": MOST_PHRASES}, "q")
    if sum(map(len, phrases)) > MOST_TERMS:
        raise Invalid(_("These are too many words to look for together. Leave some of them out."), "q")
    return [_as_asked(phrase) for phrase in phrases]


def _as_asked(phrase: tuple[str, ...]) -> tuple[str, ...]:
    """The phrase, but for what follows where a term comes too often: it finds a few more texts."""
    often = Counter[str]()
    for position, term in enumerate(phrase):
        often[term] += 1
        if often[term] > MOST_TIMES:
            return phrase[:position]
    return phrase


def _author_term(db: Db, handle: str) -> str:
    account = account_by_handle(db, handle.removeprefix("@"))
    if account is None:
        raise Invalid(_("There is no account with this handle."), "author")
    return by_account(account.id)


def _section_id(db: Db, slug: str) -> int:
    for section in sections(db):
        if section.slug == slug:
            return section.id
    raise Invalid(_("There is no section of this name."), "section")
