"""What editors write cannot become a program on the readers' pages."""

import re

import pytest

from tests.articles.newspaper import Newspaper, picture, slug_of
from tests.executable import executable

pytestmark = pytest.mark.parametrize("kind", ["sqlite"], indirect=True)

ATTACKS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</title><script>alert(1)</script>",
    "{{ 7 * 7 }}<svg/onload=alert(1)>",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_field_of_an_article_becomes_markup(newspaper: Newspaper, attack: str) -> None:
    fields = ("headline", "standfirst", "byline", "edited_by", "alt", "caption", "credit", "sections", "tags", "body")
    typed = {name: f"{name[0]} {attack}" for name in fields} | {"state": "published"}
    slug = slug_of(newspaper.send("/editor", typed, files={"image": ("a.png", picture())}))
    section = re.findall(r'/sections/[^"]+', newspaper.get(f"/articles/{slug}").text)[0]
    pages = [
        newspaper.get(path, token).text
        for path, token in (
            (f"/articles/{slug}", None),
            ("/", None),
            (section, None),
            ("/editor", newspaper.sign_in()),
            (f"/editor/{slug}", newspaper.sign_in()),
        )
    ]
    pages.append(newspaper.send(f"/editor/{slug}/preview", newspaper.form_of(slug)).text)
    pages.append(newspaper.change(slug, headline="", comments=attack, published_at=attack).text)
    for page in pages:
        assert_harmless(page)


BODIES = [
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt&colon;alert(1))",
    "<a href='javascript:alert(1)'>x</a>",
    "![x](https://example.org/x.png)",
    "<iframe src=//example.org></iframe>",
    "<p style='position:fixed' onclick=alert(1)>x</p>",
]


def test_the_text_becomes_harmless_markup_only(newspaper: Newspaper) -> None:
    for body in BODIES:
        page = newspaper.get(f"/articles/{newspaper.publish(body=body)}").text
        article = page[page.index('<div class="article-body') : page.index("</article>")]
        assert_harmless(article)
        for tag in re.findall(r"<[a-z][^>]*>", article):
            assert "javascript:" not in tag.lower()
            assert not tag.startswith(("<iframe", "<img"))
            assert "style=" not in tag


def assert_harmless(page: str) -> None:
    """No script but our own, and no tag with a handler."""
    assert executable(page) == []
    for tag in re.findall(r"<[a-zA-Z][^<>]*>", re.sub(r'"[^"]*"', '""', page)):
        assert not re.search(r"[\s/'\"]on[a-z]+\s*=", tag), tag
    assert "49<svg" not in page
