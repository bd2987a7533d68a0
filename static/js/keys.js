// @ts-check
/** Reading with the keyboard alone: from comment to comment, to what is new, to a reply. Never while somebody types. */

import { all, article, branch, discussion, goTo, parentOf } from "./comments.js";
import { fold } from "./branches.js";
import { listen } from "./keysheet.js";
import { markSeen, news } from "./seen.js";
import { showAll, tally, waitingUnder } from "./waiting.js";

/** @type {import("./keysheet.js").Keys} */
const KEYS = {
  j: ["keysNext", () => step(1)],
  k: ["keysPrevious", () => step(-1)],
  p: ["keysParent", toParent],
  n: ["keysNew", toNew],
  r: ["keysReply", reply],
  c: ["keysCollapse", collapse],
};

export function startKeys() {
  listen(KEYS, discussion ?? document.body);
}

/** The comments that are not folded away. */
function readable() {
  return all().filter((comment) => comment.checkVisibility());
}

/** The comment that has the focus, else the one at the top of the window. */
function current() {
  const focused = document.activeElement?.closest("[data-comment]");
  if (focused instanceof HTMLElement) return focused;
  return readable().findLast((comment) => article(comment).getBoundingClientRect().top <= 40);
}

/** @param {number} by */
function step(by) {
  const comments = readable();
  const from = current();
  const next = comments[from ? comments.indexOf(from) + by : 0];
  if (next) goTo(next);
}

function toParent() {
  const comment = current();
  const parent = comment && parentOf(comment);
  if (parent) goTo(parent);
}

/** To the next new comment after this one, else the first; where none is shown, to what waits. */
function toNew() {
  const from = current();
  const others = news().filter((comment) => comment !== from);
  if (from?.classList.contains("is-new")) markSeen(from);
  const after = others.find((comment) => from && from.compareDocumentPosition(comment) & Node.DOCUMENT_POSITION_FOLLOWING);
  const next = after ?? others[0];
  if (next) goTo(next);
  else if (tally(waitingUnder())) showAll();
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
