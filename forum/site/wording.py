"""What an admin says of the publication, and the checks that make words of the site of it."""

from dataclasses import dataclass
from gettext import gettext as _
from typing import Self

from pydantic import ConfigDict
from starlette.datastructures import UploadFile

from forum.errors import Invalid
from forum.findings import Findings
from forum.forms import Form
from forum.lines import check_line, check_link, is_web_address
from forum.markup import normalise_body, render_article
from forum.site.colour import PAPER, PAPER_DARK, check_colour
from forum.site.models import Site

RULES_LENGTH = 20_000
MOST_LINKS = 20


@dataclass(frozen=True, slots=True)
class SiteWords:
    """All that an admin says of the publication, checked; each is a column of Site."""

    name: str
    logo: str | None
    action_colour: str | None
    action_colour_dark: str | None
    appeal_text: str
    appeal_button: str
    appeal_link: str
    rules: str
    rules_html: str
    footer_links: list[list[str]]


class SiteForm(Form):
    """The site page as it was typed. `kept_logo` is a logo that is stored already, `logo` a new file."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    name: str = ""
    logo: UploadFile | str | None = None
    kept_logo: str = ""
    remove_logo: str = ""
    action_colour: str = ""
    action_colour_dark: str = ""
    appeal_text: str = ""
    appeal_button: str = ""
    appeal_link: str = ""
    rules: str = ""
    footer_links: str = ""

    @classmethod
    def of(cls, site: Site) -> Self:
        """The form as the site fills it."""
        return cls(
            name=site.name,
            kept_logo=site.logo or "",
            action_colour=site.action_colour or "",
            action_colour_dark=site.action_colour_dark or "",
            appeal_text=site.appeal_text,
            appeal_button=site.appeal_button,
            appeal_link=site.appeal_link,
            rules=site.rules,
            footer_links="\n".join(f"{text} | {href}" for text, href in site.footer_links),
        )

    def on_top_of(self, stored: Self) -> Self:
        """What was sent, on top of what is stored: a field that a program leaves out stays as it is."""
        return stored.model_copy(update={name: getattr(self, name) for name in self.model_fields_set})


def check_site(form: SiteForm, findings: Findings, *, logo: str | None) -> SiteWords:
    """The form as words of the site, the rules rendered. Raises Wrong with all that is refused."""
    rules = findings.of(_check_rules, form.rules) or ""
    words = SiteWords(
        name=findings.of(check_line, form.name, "name", 60, missing=_("Name the publication.")) or "",
        logo=logo,
        action_colour=findings.of(check_colour, form.action_colour, "action_colour", paper=PAPER),
        action_colour_dark=findings.of(check_colour, form.action_colour_dark, "action_colour_dark", paper=PAPER_DARK),
        appeal_text=findings.of(check_line, form.appeal_text, "appeal_text", 600) or "",
        appeal_button=findings.of(check_line, form.appeal_button, "appeal_button", 40) or "",
        appeal_link=findings.of(check_link, form.appeal_link, "appeal_link") or "",
        rules=rules,
        rules_html=render_article(rules) if rules else "",
        footer_links=findings.of(check_footer_links, form.footer_links) or [],
    )
    findings.raise_all()
    return words


def check_footer_links(typed: str) -> list[list[str]]:
    """Links of the footer, as text and address, one from each line "Text | https://…". Raises Invalid."""
    links = [_check_footer_link(line) for line in typed.splitlines() if line.strip()]
    if len(links) > MOST_LINKS:
        raise Invalid(_("Keep to %(most)d links at most.") % {"most": MOST_LINKS}, "footer_links")
    return links


def _check_footer_link(line: str) -> list[str]:
    text, bar, href = (part.strip() for part in line.rpartition("|"))
    shown = {"line": " ".join(line.split())[:60]}
    if not bar or not text:
        raise Invalid(_("Write “%(line)s” as: Text | https://example.org") % shown, "footer_links")
    if not is_web_address(href) and not _is_own_page(href):
        sentence = _("The address in “%(line)s” must begin with https://, http://, or a single / for a page of ours.")
        raise Invalid(sentence % shown, "footer_links")
    return [check_line(text, "footer_links", 60, missing=_("Give each link a text.")), href]


def _is_own_page(href: str) -> bool:
    plain = href.isprintable() and not any(char in href for char in " \\\"'<>")
    return plain and href.startswith("/") and not href.startswith("//")


def _check_rules(source: str) -> str:
    try:
        return normalise_body(source, limit=RULES_LENGTH) if source.strip() else ""
    except Invalid as wrong:
        raise Invalid(wrong.message, "rules") from None
