// @ts-check
/** Pinned branches stand at the top. One that is pinned or unpinned moves there and back, but never before anybody's eyes. */

import { branchOnly, comesBefore, discussion, tree } from "./comments.js";
import { chosenOnly } from "./chosen.js";
import { hold, onScreen } from "./position.js";
import { belongs } from "./waiting.js";

/** Marks a comment that waits to be moved: others are not placed by it. */
const MISPLACED = "is-misplaced";

/** When each comment of the top level was pinned, as far as this page has been told. @type {WeakMap<Element, string | undefined>} */
const known = new WeakMap();

export function startPins() {
  if (!tree || branchOnly || chosenOnly) return;
  for (const comment of comments()) known.set(comment, comment.dataset.pinned);
  discussion?.addEventListener("comment-shown", ({ target }) => {
    if (!(target instanceof HTMLElement) || target.parentElement !== tree) return;
    const isSame = known.get(target) === target.dataset.pinned;
    known.set(target, target.dataset.pinned);
    if (!isSame) place(target);
  });
  document.addEventListener("settled", () => {
    for (const comment of comments()) if (comment.classList.contains(MISPLACED)) place(comment);
  });
}

/** The comments of the top level, in the page's order. @returns {HTMLElement[]} */
function comments() {
  return [...(tree?.children ?? [])].filter((one) => one instanceof HTMLElement && one.dataset.comment !== undefined);
}

/**
 * Moves a comment to where it belongs; where that, or the comment, is on screen, it waits until it is not.
 * @param {HTMLElement} comment
 */
function place(comment) {
  const others = comments().filter((other) => other !== comment && !other.classList.contains(MISPLACED));
  const next = others.find((other) => comesBefore(comment, other));
  const following = comments().filter((other) => comment.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING);
  const isHere = belongs(comment, others);
  const stands = isHere && following.find((other) => others.includes(other)) === next;
  comment.classList.toggle(MISPLACED, !stands);
  if (stands || isSeen(comment) || (isHere && isSeenBefore(next))) return;
  hold(() => {
    if (isHere) tree?.insertBefore(comment, next ?? null);
    else comment.remove();
  });
  comment.classList.remove(MISPLACED);
}

/** Whether a person looks at a comment, or writes beneath it. @param {HTMLElement} comment */
function isSeen(comment) {
  return onScreen(comment) || comment.contains(document.activeElement) || comment.querySelector("[data-composer]") !== null;
}

/** Whether the place before a comment, without one the list's end, is on screen. @param {HTMLElement} [next] */
function isSeenBefore(next) {
  const edge = next ? next.getBoundingClientRect().top : /** @type {HTMLElement} */ (tree).getBoundingClientRect().bottom;
  return edge > 0 && edge < innerHeight;
}
