// @ts-check
/** Folding a branch: the line beside it as a handle for the pointer, and how much is new inside while it is folded. */

import { all, article, branch, discussion, parentOf } from "./comments.js";
import { element } from "./html.js";
import { hold, onScreen } from "./position.js";
import { news } from "./seen.js";
import { tally, waitingUnder } from "./waiting.js";
import { say } from "./words.js";

/** Where indents are narrow, the handle would lie over what is beside it; a finger has the toggle. */
const HAS_HANDLES = matchMedia("(width >= 40rem) and (any-pointer: fine)").matches;

export function startBranches() {
  if (HAS_HANDLES) {
    for (const comment of all()) addHandle(comment);
    discussion?.addEventListener("comment-shown", ({ target }) => addHandle(/** @type {HTMLElement} */ (target)));
  }
  discussion?.addEventListener("click", ({ target }) => {
    const handle = target instanceof Element && target.closest("[data-thread-handle]");
    if (handle) fold(/** @type {HTMLElement} */ (handle.closest("[data-comment]")));
  });
  discussion?.addEventListener("toggle", showNews, { capture: true });
  for (const event of ["waiting-changed", "comment-seen"]) discussion?.addEventListener(event, showNews);
}

/**
 * Folds or unfolds a comment's replies; folded, the comment itself comes into view.
 * @param {HTMLElement} comment
 */
export function fold(comment) {
  const details = branch(comment);
  if (!details || details.hidden) return;
  details.open = !details.open;
  if (!details.open && !onScreen(article(comment))) article(comment).scrollIntoView({ block: "start", behavior: "instant" });
}

/** @param {HTMLElement} comment */
function addHandle(comment) {
  const details = branch(comment);
  if (!details || details.querySelector(":scope > [data-thread-handle]")) return;
  details.append(element("div", "thread-handle"));
  details.lastElementChild?.setAttribute("data-thread-handle", "");
}

/** Says on each folded branch how much in it is new; unfolded it says so itself. */
function showNews() {
  /** @type {Map<Element, number>} */
  const folded = new Map();
  for (const details of document.querySelectorAll("[data-replies]:not([open])")) {
    const comment = details.closest("[data-comment]");
    if (comment) folded.set(comment, tally(waitingUnder(Number(comment.getAttribute("data-comment")))));
  }
  for (const comment of folded.size ? news() : []) {
    for (let above = parentOf(comment); above; above = parentOf(above)) {
      if (folded.has(above)) folded.set(above, (folded.get(above) ?? 0) + 1);
    }
  }
  if (!folded.size && !document.querySelector("[data-branch-news], [data-waiting][hidden]")) return;
  hold(() => {
    for (const old of document.querySelectorAll("[data-branch-news]")) old.remove();
    for (const [comment, count] of folded) if (count) addNews(comment, count);
    for (const button of document.querySelectorAll("[data-waiting]")) {
      const comment = button.closest("[data-comment]");
      if (button instanceof HTMLElement) button.hidden = comment !== null && folded.has(comment);
    }
  });
}

/** @param {Element} comment @param {number} count */
function addNews(comment, count) {
  const figure = branch(comment)?.querySelector(":scope > summary [data-reply-count]");
  figure?.after(element("span", "branch-news", say("newInBranch", { n: count })));
  figure?.nextElementSibling?.setAttribute("data-branch-news", "");
}
