"""The words of the demo site, read from the TOML files beside this module."""

import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """An account of the demo site; an editor's `display_name` is the byline of that editor's articles."""

    handle: str
    display_name: str
    role: str = "reader"
    group: bool = False
    language: str | None = None


@dataclass(frozen=True, slots=True)
class DemoComment:
    """A comment written by hand; `minutes` are counted from the article's publication."""

    ref: str
    by: str
    minutes: int
    body: str
    votes: int
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class DemoTopic:
    """Something that the readers of an article argue about.

    `proposal` is what should be done, as an infinitive without "to"; `pro` and `con` are reasons, as clauses
    without capital and full stop; `asks` are questions, each with its possible answers, as whole sentences.
    """

    about: str
    proposal: str
    pro: tuple[str, ...]
    con: tuple[str, ...]
    asks: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class DemoWords:
    """The vocabulary of an article, from which further comments are made (see `talk`)."""

    things: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    complaints: tuple[str, ...] = ()
    proposals: tuple[str, ...] = ()
    memories: tuple[str, ...] = ()
    topics: tuple[DemoTopic, ...] = ()


@dataclass(frozen=True, slots=True)
class DemoArticle:
    """An article; `published` is hours before now, `comments` is "open", "readonly" or "off"."""

    slug: str
    headline: str
    standfirst: str
    byline: str | None
    edited_by: str | None
    sections: tuple[str, ...]
    tags: tuple[str, ...]
    published: int
    caption: str
    credit: str
    alt: str
    appeal: bool
    comments: str
    body: str
    discussion: tuple[DemoComment, ...] = ()
    words: DemoWords = field(default_factory=DemoWords)


@cache
def people() -> list[DemoPerson]:
    """Every account of the demo site, the staff first; the admin is made elsewhere."""
    text = (files(__package__) / "people.toml").read_text(encoding="utf-8")
    return [DemoPerson(**row) for row in tomllib.loads(text)["people"]]


@cache
def articles() -> list[DemoArticle]:
    """Every article of the demo site, in the order of the file names, which is newest first."""
    folder = files(__package__) / "articles"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return [_article(name, tomllib.loads((folder / name).read_text(encoding="utf-8"))) for name in names]


def _article(name: str, data: dict[str, Any]) -> DemoArticle:
    """`name` is the file's, `NN-slug.toml`."""
    return DemoArticle(
        slug=name.removesuffix(".toml").partition("-")[2],
        headline=data["headline"],
        standfirst=data["standfirst"],
        byline=data.get("byline"),
        edited_by=data.get("edited_by"),
        sections=tuple(data["sections"]),
        tags=tuple(data["tags"]),
        published=data["published"],
        caption=data["caption"],
        credit=data["credit"],
        alt=data["alt"],
        appeal=data["appeal"],
        comments=data["comments"],
        body=data["body"].strip(),
        discussion=tuple(_comment(row) for row in data.get("comment", [])),
        words=_words(data.get("words", {}), data.get("topic", [])),
    )


def _comment(row: dict[str, Any]) -> DemoComment:
    return DemoComment(**{**row, "body": row["body"].strip()})


def _words(lists: dict[str, list[str]], topics: list[dict[str, Any]]) -> DemoWords:
    return DemoWords(**{key: tuple(values) for key, values in lists.items()}, topics=tuple(map(_topic, topics)))


def _topic(row: dict[str, Any]) -> DemoTopic:
    asks = tuple((question, tuple(answers)) for question, *answers in row["asks"])
    return DemoTopic(row["about"], row["proposal"], tuple(row["pro"]), tuple(row["con"]), asks)
