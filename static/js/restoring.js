// @ts-check
/**
 * Back where one was: after the Back button, or a reload, what had been opened is opened again, and the comment that
 * was at mid-screen stands where it stood. Kept with the entry of the browser's history, so each has its own.
 */

import { discussion, find } from "./comments.js";
import { open } from "./more.js";

const MOST_WINDOWS = 20;
const MOST_BRANCHES = 20;

/**
 * @typedef {object} Left
 * @property {number} windows                  how often "More comments" was opened
 * @property {[root: number, to: number][]} branches  how far branches were
 * @property {number} id                       the comment at mid-screen
 * @property {number} top                      where it was
 * @property {number} y                        how far the page was scrolled
 */

let windows = 0;
/** @type {Map<number, number>} */
const branches = new Map();
/** Done when all that had been opened is there again, or could not be had. @type {Promise<void>} */
export let restored = Promise.resolve();

export function startRestoring() {
  discussion?.addEventListener("more-opened", (event) => {
    const { root, shownTo } = /** @type {CustomEvent} */ (event).detail;
    if (root) branches.set(root, shownTo);
    else windows += 1;
  });
  addEventListener("pagehide", note);
  const left = history.state?.left;
  if (left) restored = restore(left);
}

function note() {
  const comment = document.elementFromPoint(innerWidth / 2, innerHeight / 2)?.closest("[data-comment]");
  /** @type {Left} */
  const left = {
    windows: Math.min(windows, MOST_WINDOWS), branches: [...branches].slice(-MOST_BRANCHES), y: scrollY,
    id: Number(comment?.getAttribute("data-comment")), top: comment?.getBoundingClientRect().top ?? 0,
  };
  const isPlace = left.id > 0 || left.windows > 0 || left.branches.length > 0;
  history.replaceState({ ...history.state, left: isPlace ? left : undefined }, "");
  history.scrollRestoration = isPlace ? "manual" : "auto";
}

/** @param {Left} left */
async function restore(left) {
  let isTheirs = false;
  const take = () => (isTheirs = true);
  for (const event of ["wheel", "touchmove", "keydown", "pointerdown"]) addEventListener(event, take, { once: true, passive: true });
  const settle = () => isTheirs || scrollBack(left);
  settle();
  addEventListener("load", () => setTimeout(settle), { once: true });
  for (let opened = 0; opened < left.windows; opened += 1) if (!(await openAgain("[data-more-comments]"))) break;
  for (const [root, to] of left.branches) await openBranch(root, to);
  settle();
  history.scrollRestoration = "auto";
}

/** @param {number} root @param {number} to */
async function openBranch(root, to) {
  for (let pages = 0; pages < MOST_WINDOWS; pages += 1) {
    const more = find(root)?.querySelector(":scope > [data-replies] > [data-more-replies]:not([hidden])");
    if (!(more instanceof HTMLElement) || Number(more.dataset.after) >= to || !(await open(more, false))) return;
  }
}

/** @param {string} place */
async function openAgain(place) {
  const more = discussion?.querySelector(place);
  return more instanceof HTMLElement && (await open(more, false));
}

/** @param {Left} left */
function scrollBack({ id, top, y }) {
  const comment = find(id);
  const by = comment?.checkVisibility() ? comment.getBoundingClientRect().top - top : y - scrollY;
  scrollBy({ top: by, behavior: "instant" });
}
