"""An index of full texts on PostgreSQL: a tsvector for each, of our terms and of no dictionary, and a GIN index."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Label,
    Select,
    Text,
    bindparam,
    cast,
    column,
    delete,
    func,
    literal_column,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import JSON, TSQUERY, TSVECTOR, insert

from forum.database import Db, run
from forum.fulltext.places import Match, Wanted

WALKED, WALKED_AT_LEAST = 20, 20_000
"""So many texts for each that is wanted, and so many at least, are looked through before the GIN index is asked."""
ENOUGH = 1_000
"""Where so many are found on the way, the best of these will do: asking for all others takes far longer."""


class PostgresIndex:
    """One such table.

    GIN gives all texts that match, in no order; a walk by place stops early, but only where many match. How many do, a
    planner can only guess: so a short walk is tried, and where it does not find enough, matches are few enough for GIN.
    """

    def __init__(self, name: str) -> None:
        place, terms = column("place", BigInteger), column("terms", TSVECTOR)
        index = table(name, place, terms)
        given = (
            func.json_to_recordset(cast(cast(bindparam("texts"), Text), JSON))
            .table_valued(column("place", BigInteger), column("terms", Text))
            .render_derived("given", with_types=True)
        )
        same = (place == given.c.place) & (terms == cast(given.c.terms, TSVECTOR))
        put = insert(index).values(place=bindparam("place"), terms=cast(cast(bindparam("texts"), Text), TSVECTOR))
        self._put = put.on_conflict_do_update(index_elements=["place"], set_={"terms": put.excluded.terms})
        self._take = delete(index).where(place == bindparam("place"))
        self._walk = {ranked: _walk(name, ranked=ranked) for ranked in (False, True)}
        self._ask = {ranked: _ask(name, ranked=ranked) for ranked in (False, True)}
        self._differing = select(given.c.place).where(~select(index).where(same).exists())
        self._count = select(func.count()).select_from(index)
        self._places = select(place).where(place > _number("after")).order_by(place).limit(_number("limit"))

    def put(self, db: Db, texts: Mapping[int, Sequence[str]]) -> None:
        """Let texts be found by these terms, and by no others."""
        rows = [{"place": place, "texts": _vector(terms)} for place, terms in texts.items()]
        db.connection().execute(self._put, rows if len(rows) > 1 else rows[0])

    def take(self, db: Db, place: int) -> None:
        """Let a text be found no more. Nothing happens where it was not."""
        run(db, self._take, place=place)

    def newest(self, db: Db, wanted: Wanted, limit: int, *, ranked: bool = False) -> list[Match]:
        """The newest so many texts that have what is wanted, newest first; with their ranks fewer may do."""
        asked = {"wanted": _query(wanted), "below": wanted.below, "since": wanted.since, "limit": limit}
        run(db, _AS_WRITTEN)
        rows = run(db, self._walk[ranked], **asked, walked=max(WALKED_AT_LEAST, WALKED * limit)).all()
        if len(rows) < (min(limit, ENOUGH) if ranked else limit):
            rows = run(db, self._ask[ranked], **asked).all()
        return [Match(row.rank, row.place) for row in rows]

    def differing(self, db: Db, texts: Mapping[int, Sequence[str]]) -> set[int]:
        """The places of those texts that are not found by just these terms."""
        given = json.dumps([{"place": place, "terms": _vector(terms)} for place, terms in texts.items()])
        return set(run(db, self._differing, texts=given).scalars())

    def count(self, db: Db) -> int:
        """How many texts can be found."""
        return int(run(db, self._count).scalar_one())

    def places(self, db: Db, after: int, limit: int) -> list[int]:
        """The next so many places above that one."""
        return list(run(db, self._places, after=after, limit=limit).scalars())


# Walk where we say so, whatever the planner knows of the table; compiling a query takes longer than any of these.
_AS_WRITTEN = select(
    *(func.set_config(name, "off", literal_column("true")) for name in ("enable_seqscan", "enable_sort", "jit"))
)
# In a select of its own, so that it is read once and not for each row.
_QUERY = select(cast(cast(bindparam("wanted"), Text), TSQUERY)).scalar_subquery()


def _number(name: str) -> BindParameter[int]:
    """A number that may be large: the driver takes a plain one for a small one."""
    return bindparam(name, type_=BigInteger)


def _walk(name: str, *, ranked: bool) -> Select[int, int]:
    """Of the last texts those that match."""
    place, terms = column("place", BigInteger), column("terms", TSVECTOR)
    last = (
        select(place, terms)
        .select_from(table(name))
        .where(place < _number("below"), place >= _number("since"))
        .order_by(place.desc())
        .limit(_number("walked"))
        .subquery("last")
    )
    found = select(last.c.place, _rank(last.c.terms, ranked=ranked)).where(last.c.terms.op("@@")(_QUERY))
    return found.order_by(last.c.place.desc()).limit(_number("limit"))


def _ask(name: str, *, ranked: bool) -> Select[int, int]:
    """All texts that match, sorted; nothing in it is a reason to walk by place, or to read all places beside."""
    place, terms = column("place", BigInteger), column("terms", TSVECTOR)
    moved = place + literal_column("0", BigInteger)
    found = select(place, _rank(terms, ranked=ranked)).select_from(table(name)).where(terms.op("@@")(_QUERY))
    span = found.where(moved < _number("below"), moved >= _number("since"))
    return span.order_by(moved.desc()).limit(_number("limit"))


def _rank(terms: ColumnElement[str], *, ranked: bool) -> Label[int]:
    if not ranked:
        return literal_column("0", BigInteger).label("rank")
    long_texts_weigh_less = literal_column("1", BigInteger)
    rank = func.ts_rank(terms, _QUERY, long_texts_weigh_less) * literal_column("1e9")
    return cast(rank, BigInteger).label("rank")


def _query(wanted: Wanted) -> str:
    """Each phrase in brackets, each term quoted: nothing in it is a sign of PostgreSQL's own."""
    return " & ".join(f"({' <-> '.join(map(_quoted, phrase))})" for phrase in wanted.phrases)


def _vector(terms: Sequence[str]) -> str:
    """Terms with their places, as PostgreSQL reads them; of one term it keeps 255."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, term in enumerate(terms, 1):
        places[term].append(place)
    return " ".join(f"{_quoted(term)}:{','.join(map(str, at))}" for term, at in places.items())


def _quoted(term: str) -> str:
    return "'" + term.replace("\\", "\\\\").replace("'", "''") + "'"
