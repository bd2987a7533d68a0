"""Where something is set: on the whole site, in one section, or under one article."""

from dataclasses import dataclass
from gettext import gettext as _
from typing import Self

from sqlalchemy import ColumnElement

from forum.articles.models import Article, Section
from forum.articles.queries import published_article, sections
from forum.comments.checks.models import CheckRule
from forum.database import Db
from forum.errors import NotFound


@dataclass(frozen=True, slots=True)
class Scope:
    """A section, or an article; neither is the whole site."""

    section: Section | None = None
    article: Article | None = None

    @classmethod
    def of_ids(cls, db: Db, *, section_id: int | None, article_id: int | None) -> Self:
        """The scope that an entry of the log names, whether or not it is published."""
        section = db.get_one(Section, section_id) if section_id else None
        return cls(section, db.get_one(Article, article_id) if article_id else None)

    @property
    def section_id(self) -> int | None:
        """The section's, if it is one."""
        return self.section.id if self.section else None

    @property
    def article_id(self) -> int | None:
        """The article's, if it is one."""
        return self.article.id if self.article else None

    @property
    def address(self) -> str:
        """What names it in the address of a page."""
        if self.article:
            return f"?article={self.article.slug}"
        return f"?section={self.section.slug}" if self.section else ""

    def owns(self) -> ColumnElement[bool]:
        """The rules that are set right here."""
        section = CheckRule.section_id == self.section_id if self.section else CheckRule.section_id.is_(None)
        article = CheckRule.article_id == self.article_id if self.article else CheckRule.article_id.is_(None)
        return section & article


def scope_of(db: Db, *, section: str = "", article: str = "") -> Scope:
    """The scope that an address names by slugs, an article before a section. Raises NotFound."""
    if article:
        found = published_article(db, article)
        if found is None:
            raise NotFound(_("There is no article at this address."))
        return Scope(article=found)
    if section:
        for one in sections(db):
            if one.slug == section:
                return Scope(section=one)
        raise NotFound(_("There is no such section."))
    return Scope()
