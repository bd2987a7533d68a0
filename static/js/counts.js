// @ts-check
/** The figures of a discussion: comments in all, replies of each branch, replies that are not on the page. */

import { all, branch, branchOnly, discussion, find, showBranch } from "./comments.js";
import { hold } from "./position.js";
import { say } from "./words.js";

/** How many replies a comment has, and the version as of which we know. @type {Map<string, {count: number, version: number}>} */
const replies = new Map();

/** Gives a comment that comes onto the page the figure that came before it. */
export function startCounting() {
  discussion?.addEventListener("comment-shown", ({ target }) => {
    const id = target instanceof HTMLElement ? target.dataset.comment : undefined;
    if (id && replies.has(id)) showReplies(id);
  });
}

/**
 * How many comments there are in all.
 * @param {number} count
 */
export function countAll(count) {
  for (const figure of document.querySelectorAll("[data-count]")) {
    figure.setAttribute("data-count", String(count));
    figure.textContent = say("comments", { n: count });
  }
}

/**
 * How many replies some comments have now. Older figures that come late are passed over.
 * @param {{[id: string]: number}} figures
 * @param {number} version
 */
export function countReplies(figures, version) {
  for (const [id, count] of Object.entries(figures)) {
    if (version < (replies.get(id)?.version ?? 0)) continue;
    replies.set(id, { count, version });
    showReplies(id);
  }
}

/** @param {string} id */
function showReplies(id) {
  const details = branch(find(id) ?? document.body);
  const figure = details?.querySelector(":scope > summary [data-reply-count]");
  const count = replies.get(id)?.count ?? 0;
  if (!details || !figure || figure.getAttribute("data-reply-count") === String(count)) return;
  hold(() => {
    figure.setAttribute("data-reply-count", String(count));
    figure.textContent = say("replies", { n: count });
    showBranch(/** @type {HTMLElement} */ (find(id)));
  });
}

/** The database was restored: older figures may be the newer ones. */
export function forgetReplies() {
  replies.clear();
}

/**
 * How many replies of a root are not on the page, and do not wait either.
 * @param {string | number} root
 * @param {number} waiting  how many wait
 */
export function countMore(root, waiting) {
  if (branchOnly) return;
  const comment = find(root);
  const details = comment && branch(comment);
  const more = details?.querySelector(":scope > [data-more-replies]");
  const link = more?.querySelector("a");
  if (!details || !(more instanceof HTMLElement) || !link) return;
  const shown = all().filter(({ dataset }) => dataset.root === String(root) && dataset.parent && dataset.state === "visible").length;
  const count = Math.max(0, Number(details.querySelector("[data-reply-count]")?.getAttribute("data-reply-count")) - shown - waiting);
  hold(() => {
    more.hidden = count === 0;
    link.textContent = say("moreReplies", { n: count });
  });
}
