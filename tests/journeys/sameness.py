"""A page kept by messages against a page loaded afresh: after opening all that waits, both look the same."""

import json
from difflib import unified_diff
from typing import Any

from playwright.sync_api import Page, TimeoutError, expect

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
  return JSON.stringify({
    version: discussion.dataset.version,
    epoch: discussion.dataset.epoch,
    state: discussion.dataset.state,
    count: count && text(count),
    isEmpty: discussion.querySelector("[data-empty]")?.checkVisibility() ?? null,
    comments: [...document.querySelectorAll("[data-comment]")].map(look),
  }, null, 1);
}"""
CATCHES_UP = "version => Number(document.querySelector('[data-discussion]').dataset.version) >= Number(version)"
# What waits for a field to be left is done in a task of its own.
LEAVE_FIELD = "() => { document.activeElement?.blur(); return new Promise((done) => setTimeout(done)); }"
MORE = "[data-more-replies]:not([hidden]) a, [data-more-comments] a"


def same_as_fresh(person: Person, seconds: float = 5) -> Looks:
    """Wait until the open page has caught up, open all that waits, compare. Gives what both look like."""
    page = person.page
    page.evaluate(LEAVE_FIELD)
    fresh = person.context.new_page()
    fresh.goto(page.url.split("#")[0])
    version = fresh.locator("[data-discussion]").get_attribute("data-version")
    page.wait_for_function(CATCHES_UP, arg=version, timeout=seconds * 1000)
    for one in (page, fresh):
        _open_all(one)
    wanted: str = fresh.evaluate(f"() => ({LOOKS})()")
    try:
        page.wait_for_function(f"wanted => ({LOOKS})() === wanted", arg=wanted, timeout=seconds * 1000)
    except TimeoutError:
        kept = page.evaluate(LOOKS)
        differ = "\n".join(unified_diff(kept.splitlines(), wanted.splitlines(), "kept", "loaded", lineterm=""))
        raise AssertionError(f"the page is not what a fresh load gives:\n{differ}") from None
    fresh.close()
    looks: Looks = json.loads(wanted)
    return looks


def _open_all(page: Page) -> None:
    """All that waits is opened, all that is further down is fetched."""
    while page.locator(MORE).count():
        shown = page.locator("[data-comment]").count()
        page.locator(MORE).first.click()
        page.wait_for_function("shown => document.querySelectorAll('[data-comment]').length > shown", arg=shown)
    pill = page.locator("[data-pill]")
    if pill.is_visible():
        pill.click()
    expect(pill).to_be_hidden()
