"""What editors write in the form of an article, and the checks that make an article's text of it."""

from datetime import UTC, datetime
from gettext import gettext as _
from typing import Self

from pydantic import ConfigDict
from starlette.datastructures import UploadFile

from forum.articles.actions import REASON_LENGTH, ArticleText, StoredImage, edition_of
from forum.articles.models import DiscussionState, Publication
from forum.articles.newsroom import Opened
from forum.database import CLOCKS_DIFFER, now
from forum.errors import Invalid
from forum.findings import Findings
from forum.forms import Form
from forum.lines import check_line, check_names, check_word
from forum.markup import normalise_body, render_article

BODY_LENGTH = 100_000
MINUTE = "%Y-%m-%dT%H:%M"


class EditorForm(Form):
    """An article as it was typed. `picture` names an image that is stored already, `image` is a new file.

    `edition` says which saved state of the article the person has in hand.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    headline: str = ""
    standfirst: str = ""
    body: str = ""
    slug: str = ""
    sections: str = ""
    tags: str = ""
    byline: str = ""
    edited_by: str = ""
    author: str = ""
    image: UploadFile | str | None = None
    picture: str = ""
    remove_picture: str = ""
    alt: str = ""
    caption: str = ""
    credit: str = ""
    appeal: str = "1"
    state: str = Publication.DRAFT.value
    comments: str = DiscussionState.OPEN.value
    comments_reason: str = ""
    published_at: str = ""
    edition: str | None = None

    @classmethod
    def of(cls, opened: Opened) -> Self:
        """The form as an article fills it; empty for a new one."""
        article = opened.article
        if article is None:
            return cls()
        return cls(
            headline=article.headline,
            standfirst=article.standfirst,
            body=article.body,
            slug=article.slug,
            sections=", ".join(opened.sections),
            tags=", ".join(opened.tags),
            byline=article.byline,
            edited_by=article.edited_by,
            author=opened.author,
            picture=f"{article.image}-{article.image_width}.webp" if article.image else "",
            alt=article.alt,
            caption=article.caption,
            credit=article.credit,
            appeal="1" if article.appeal else "",
            state=article.publication,
            comments=article.discussion,
            comments_reason=article.discussion_reason,
            published_at=shown_minute(article.published_at),
            edition=edition_of(article),
        )

    def on_top_of(self, stored: Self) -> Self:
        """What was sent, on top of what is stored: a field that a program leaves out stays as it is."""
        return stored.model_copy(update={name: getattr(self, name) for name in self.model_fields_set})

    def differing(self, other: Self) -> list[str]:
        """The names of the fields in which another form differs."""
        names = set(type(self).model_fields) - {"edition", "image", "remove_picture", "state"}
        return [name for name in type(self).model_fields if name in names and _differ(self, other, name)]

    @property
    def has_text(self) -> bool:
        """Whether something would be lost with this form."""
        return any((self.headline, self.standfirst, self.body, self.caption))


def check_article(
    form: EditorForm, opened: Opened, findings: Findings, *, image: StoredImage | None, author_id: int | None
) -> ArticleText:
    """The form as an article's text, rendered: long ones take a while. Raises Wrong with all that is refused."""
    publishing = form.state == Publication.PUBLISHED
    body = findings.of(_check_body, form.body, needed=publishing)
    text = ArticleText(
        headline=findings.of(check_line, form.headline, "headline", 200, missing=_("Write a headline.")) or "",
        standfirst=findings.of(check_line, form.standfirst, "standfirst", 600) or "",
        body=body or "",
        html=render_article(body) if body else "",
        sections=findings.of(
            check_names, form.sections, "sections", most=5, length=40, missing=_("Name at least one section.")
        )
        or (),
        tags=findings.of(check_names, form.tags, "tags", most=20, length=40) or (),
        byline=findings.of(check_line, form.byline, "byline", 120) or "",
        edited_by=findings.of(check_line, form.edited_by, "edited_by", 120) or "",
        image=image,
        alt=findings.of(check_line, form.alt, "alt", 500) or "",
        caption=findings.of(check_line, form.caption, "caption", 1000) or "",
        credit=findings.of(check_line, form.credit, "credit", 200) or "",
        appeal=form.appeal not in ("", "0"),
        publication=Publication(findings.of(check_word, form.state, "state", list(Publication)) or "draft"),
        published_at=findings.of(_check_moment, form.published_at, opened),
        discussion=DiscussionState(findings.of(check_word, form.comments, "comments", list(DiscussionState)) or "open"),
        discussion_reason=findings.of(check_line, form.comments_reason, "comments_reason", REASON_LENGTH) or "",
        author_id=author_id,
    )
    findings.of(check_line, form.slug, "slug", 80)
    findings.raise_all()
    return text


def labels() -> dict[str, str]:
    """What the fields are called."""
    return {
        "headline": _("Headline"),
        "standfirst": _("Standfirst"),
        "body": _("Text"),
        "slug": _("Address"),
        "sections": _("Sections"),
        "tags": _("Tags"),
        "byline": _("Byline"),
        "edited_by": _("Edited by"),
        "author": _("Account of the author"),
        "image": _("Picture"),
        "picture": _("Picture"),
        "alt": _("What the picture shows"),
        "caption": _("Caption"),
        "credit": _("Credit"),
        "appeal": _("Appeal for support"),
        "state": _("Published or draft"),
        "comments": _("Comments"),
        "comments_reason": _("Why they are closed"),
        "published_at": _("Date"),
    }


def shown_minute(moment: datetime | None) -> str:
    """A moment in UTC as the form's field shows it."""
    return moment.astimezone(UTC).strftime(MINUTE) if moment else ""


def _check_body(source: str, *, needed: bool) -> str:
    if not needed and not source.strip():
        return ""
    return normalise_body(source, limit=BODY_LENGTH)


def _check_moment(typed: str, opened: Opened) -> datetime | None:
    """The moment of publication, in UTC. None where it stays what it is: the field shows minutes, no seconds."""
    stored = opened.article.published_at if opened.article else None
    if not typed.strip() or typed == shown_minute(stored):
        return None
    try:
        moment = datetime.fromisoformat(typed.strip())
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Invalid(_("Write day and time such as 2026-11-22 07:40, or leave it empty."), "published_at") from None
    if moment > now() + CLOCKS_DIFFER:
        raise Invalid(
            _("This lies ahead. Leave it empty: the article gets the time of its publishing."), "published_at"
        )
    return moment


def _differ(one: EditorForm, other: EditorForm, name: str) -> bool:
    """Browsers send lines with other ends than are stored."""
    return _plain(getattr(one, name)) != _plain(getattr(other, name))


def _plain(value: object) -> str:
    return " ".join(str(value or "").split())
