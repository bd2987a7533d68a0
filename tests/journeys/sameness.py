"""A page kept by messages against a page loaded afresh: after opening all that waits, both look the same."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.journeys.person import Person

Looks = dict[str, Any]

LOOKS = """() => {
  const own = (comment, selector) => comment.querySelector(`:scope > ${selector}`);
  const text = (element) => element?.textContent.trim().replace(/\\s+/g, " ") ?? "";
  const look = (comment) => {
    const article = own(comment, "article");
    const replies = own(comment, "[data-replies]");
    const figure = replies?.querySelector(":scope > summary [data-reply-count]");
    return {
      id: comment.dataset.comment,
      parent: comment.parentElement.closest("[data-comment]")?.dataset.comment ?? null,
      state: comment.dataset.state,
      version: comment.dataset.version,
      body: article.querySelector(".comment-body")?.innerHTML ?? text(article.querySelector(".tombstone")),
      by: text(article.querySelector(".comment-by")),
      edited: article.querySelector(".comment-edited") !== null,
      replies: replies && !replies.hidden ? figure.textContent : "",
      isNumbered: !figure || replies.hidden || figure.dataset.replyCount === figure.textContent.replace(/\\D/g, ""),
    };
  };
  const discussion = document.querySelector("[data-discussion]");
  const count = document.querySelector("#discussion-title [data-count]");
  return {
    version: discussion.dataset.version,
    epoch: discussion.dataset.epoch,
    state: discussion.dataset.state,
    count: count && text(count),
    isEmpty: discussion.querySelector("[data-empty]")?.checkVisibility() ?? null,
    comments: [...document.querySelectorAll("[data-comment]")].map(look),
  };
}"""
CATCHES_UP = "version => Number(document.querySelector('[data-discussion]').dataset.version) >= Number(version)"
MORE = "[data-more-replies]:not([hidden]) a, [data-more-comments] a"


def same_as_fresh(person: Person, seconds: float = 5) -> Looks:
    """Wait until the open page has caught up, open all that waits, compare. Gives what both look like."""
    fresh = person.context.new_page()
    fresh.goto(person.page.url.split("#")[0])
    version = fresh.locator("[data-discussion]").get_attribute("data-version")
    person.page.wait_for_function(CATCHES_UP, arg=version, timeout=seconds * 1000)
    looks = [_opened(page) for page in (person.page, fresh)]
    fresh.close()
    kept, loaded = looks
    assert kept == loaded
    return kept


def _opened(page: Page) -> Looks:
    """All that waits is opened, all that is further down is fetched."""
    page.evaluate("document.activeElement?.blur()")
    pill = page.locator("[data-pill]")
    for link in _while_there(page):
        page.locator(link).first.click()
    if pill.is_visible():
        pill.click()
    expect(pill).to_be_hidden()
    return dict(page.evaluate(LOOKS))


def _while_there(page: Page) -> Any:
    """Links to more, one after the other, each when the one before has been followed."""
    before = -1
    while page.locator(MORE).count():
        shown = page.locator("[data-comment]").count()
        assert shown != before, "a link to more brings no more"
        before = shown
        yield MORE
        page.wait_for_function("() => !document.querySelector('a[aria-disabled=true]')")
