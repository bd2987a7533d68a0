"""An index of full texts on SQLite: an FTS5 table, whose tokenizer only parts terms at spaces."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import (
    BigInteger,
    Integer,
    Text,
    bindparam,
    cast,
    column,
    delete,
    func,
    insert,
    literal_column,
    select,
    table,
)

from forum.database import Db, run
from forum.fulltext.places import Match, Wanted

MOST_OFTEN = 1000
"""Times that one term can be found in a text: a phrase is looked for at each of them. PostgreSQL keeps 255."""
LEFT_OUT = "@"
"""In the place of one that is left out, so that all others stay where they are. Nobody can look for it."""


class LiteIndex:
    """One such table. FTS5 walks texts that match from the newest on, and so stops as soon as there are enough."""

    def __init__(self, name: str) -> None:
        place, terms = column("rowid", BigInteger), column("terms", Text)
        index = table(name, place, terms)
        whole = literal_column(name, Text)  # FTS5 takes the table's name for a column of it
        found = (
            select(place.label("place"), literal_column("0", BigInteger).label("rank"))
            .where(whole.op("MATCH")(bindparam("wanted")), place < bindparam("below"), place >= bindparam("since"))
            .select_from(index)
            .order_by(place.desc())
            .limit(bindparam("limit", type_=Integer))
        )
        rank = cast(func.bm25(whole) * literal_column("-1e9"), BigInteger)
        given = func.json_each(bindparam("texts", type_=Text)).table_valued("value")
        given_place, given_terms = (func.json_extract(given.c.value, literal_column(f"'$.{key}'")) for key in "pt")
        same = select(index).where(place == given_place, terms == given_terms).exists()
        self._put = insert(index).prefix_with("OR REPLACE").values(rowid=bindparam("place"), terms=bindparam("texts"))
        self._take = delete(index).where(place == bindparam("place"))
        self._newest = {False: found, True: found.with_only_columns(place.label("place"), rank.label("rank"))}
        self._differing = select(given_place).where(~same)
        self._count = select(func.count()).select_from(index)
        self._places = select(place).where(place > bindparam("after")).order_by(place).limit(bindparam("limit"))

    def put(self, db: Db, texts: Mapping[int, Sequence[str]]) -> None:
        """Let texts be found by these terms, and by no others."""
        rows = [{"place": place, "texts": _text(terms)} for place, terms in texts.items()]
        db.connection().execute(self._put, rows if len(rows) > 1 else rows[0])

    def take(self, db: Db, place: int) -> None:
        """Let a text be found no more. Nothing happens where it was not."""
        run(db, self._take, place=place)

    def newest(self, db: Db, wanted: Wanted, limit: int, *, ranked: bool = False) -> list[Match]:
        """The newest so many texts that have what is wanted, newest first; with their ranks, where asked for."""
        span = {"below": wanted.below, "since": wanted.since, "limit": limit}
        rows = run(db, self._newest[ranked], wanted=_query(wanted), **span)
        return [Match(row.rank, row.place) for row in rows]

    def differing(self, db: Db, texts: Mapping[int, Sequence[str]]) -> set[int]:
        """The places of those texts that are not found by just these terms."""
        given = json.dumps([{"p": place, "t": _text(terms)} for place, terms in texts.items()])
        return set(run(db, self._differing, texts=given).scalars())

    def count(self, db: Db) -> int:
        """How many texts can be found."""
        return int(run(db, self._count).scalar_one())

    def places(self, db: Db, after: int, limit: int) -> list[int]:
        """The next so many places above that one."""
        return list(run(db, self._places, after=after, limit=limit).scalars())


def _text(terms: Sequence[str]) -> str:
    """Terms as they are stored."""
    return " ".join(terms if len(terms) <= MOST_OFTEN else _without_more(terms))


def _without_more(terms: Sequence[str]) -> Iterator[str]:
    often = Counter[str]()
    for term in terms:
        often[term] += 1
        yield term if often[term] <= MOST_OFTEN else LEFT_OUT


def _query(wanted: Wanted) -> str:
    """Each phrase as one string of FTS5: nothing in it is a word of FTS5's own."""
    return " AND ".join('"' + " ".join(phrase).replace('"', '""') + '"' for phrase in wanted.phrases)
