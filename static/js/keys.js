// @ts-check
/** Reading with the keyboard alone: from comment to comment, to what is new, to a reply. Never while somebody types. */

import { branch, current, discussion, goTo, parentOf, readable } from "./comments.js";
import { fold } from "./branches.js";
import { listen } from "./keysheet.js";

/** @type {import("./keysheet.js").Keys} */
const KEYS = {
  j: ["keysNext", () => step(1)],
  k: ["keysPrevious", () => step(-1)],
  p: ["keysParent", toParent],
  n: ["keysNew", async () => (await import("./next.js")).goToNew()],
  r: ["keysReply", reply],
  c: ["keysCollapse", collapse],
};

export function startKeys() {
  listen(KEYS, discussion ?? document.body);
}

/** @param {number} by */
function step(by) {
  const comments = readable();
  const from = current();
  const next = comments[from ? comments.indexOf(from) + by : 0];
  if (next) goTo(next);
  else if (by > 0) /** @type {HTMLElement | null} */ (document.querySelector("[data-more-comments] a"))?.focus();
}

/** On a comment's own page what it answers stands above the discussion. */
function toParent() {
  const comment = current();
  const parent = comment && (parentOf(comment) ?? document.querySelector(".ancestors > :last-child"));
  if (parent) goTo(parent);
}

function reply() {
  const link = current()?.querySelector(":scope > [data-actions] [data-reply]");
  if (link instanceof HTMLElement && link.checkVisibility()) link.click();
}

/** Folds the comment's replies; on one that has none, those that it is among. */
function collapse() {
  const comment = current();
  const details = comment && branch(comment);
  const folded = details && !details.hidden ? comment : comment && parentOf(comment);
  if (!folded) return;
  fold(folded);
  goTo(folded);
}
