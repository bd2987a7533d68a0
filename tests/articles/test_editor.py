"""Writing and publishing: through the form, as a browser without scripts sends it."""

from tests.accounts.site import words
from tests.articles.newspaper import Newspaper, fields_of, slug_of


def test_a_new_article_is_a_draft_that_only_editors_see(newspaper: Newspaper) -> None:
    slug = newspaper.write(headline="The bridge closes")
    assert slug == "the-bridge-closes"
    assert newspaper.get(f"/articles/{slug}").status_code == 404
    assert "The bridge closes" not in newspaper.get("/").text
    assert "The bridge closes" in newspaper.get("/editor", newspaper.sign_in()).text
