// @ts-check
/** A branch that takes no more replies, or takes them again: what is being written there stays, and cannot be posted. */

import { branchOnly, discussion } from "./comments.js";
import { composers, keep, postButton, showError } from "./composer.js";
import { say } from "./words.js";

const CLOSED = "[data-branch-closed]";

export function startClosing() {
  discussion?.addEventListener("comment-shown", ({ target }) => {
    if (target instanceof HTMLElement) note(target);
    if (target instanceof HTMLElement && target.dataset.parent === undefined) refresh(target);
  });
  discussion?.addEventListener("comment-elsewhere", (event) => note(/** @type {CustomEvent} */ (event).detail.comment));
}

/**
 * Whether replies are not taken where this stands.
 * @param {Element} place
 */
export function isInClosedBranch(place) {
  return place.closest(CLOSED) !== null;
}

/** On a comment's own page the whole of it closes with its branch. @param {HTMLElement} comment */
function note(comment) {
  if (!discussion || !branchOnly || comment.dataset.comment !== discussion.dataset.root) return;
  const { branchClosed } = comment.dataset;
  if (branchClosed === undefined) delete discussion.dataset.branchClosed;
  else discussion.dataset.branchClosed = branchClosed;
}

/** @param {HTMLElement} root */
function refresh(root) {
  for (const form of composers()) if (root.contains(form)) mark(form);
}

/** Says in a composer that its branch is closed, or no more so. @param {HTMLFormElement} form */
function mark(form) {
  const isClosed = isInClosedBranch(form);
  if (discussion?.dataset.state !== "open" || postButton(form).disabled === isClosed) return;
  if (isClosed) keep(form);
  showError(form, isClosed ? say("branchClosedDraft") : "");
  postButton(form).disabled = isClosed;
}
