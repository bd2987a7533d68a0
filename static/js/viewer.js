// @ts-check
/** Who looks at the page, and what of it is theirs. The server's comments do not know; this puts it on. */

import { all, article, discussion } from "./comments.js";
import { element } from "./html.js";
import { say } from "./words.js";

/** The handle of whoever is signed in, or undefined. */
export function handle() {
  return document.body.dataset.viewer;
}

/** From now on the page is a guest's: signed out, or banned. */
export function becomeGuest() {
  delete document.body.dataset.viewer;
  delete document.body.dataset.role;
}

/** Marks one's own comments with "You", now and when they come; nobody recommends their own. */
export function startViewer() {
  for (const comment of all()) mark(comment);
  discussion?.addEventListener("comment-shown", ({ target }) => mark(/** @type {HTMLElement} */ (target)));
}

/** @param {HTMLElement} comment */
function mark(comment) {
  const isOwn = handle() !== undefined && comment.dataset.author === handle();
  comment.classList.toggle("is-own", isOwn);
  if (!isOwn) return;
  const at = article(comment).querySelector(".comment-at");
  if (!at?.parentElement?.querySelector(".comment-you")) at?.after(element("span", "comment-you", say("you")));
  const vote = comment.querySelector(":scope > [data-actions] [data-vote] button");
  if (vote instanceof HTMLButtonElement) vote.disabled = true;
}
