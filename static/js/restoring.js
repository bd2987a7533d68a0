// @ts-check
/**
 * Back where one was: after the Back button, or a reload, what had been opened is opened again, and the comment that
 * was at mid-screen stands where it stood. Each entry of the browser's history has a place of its own, kept as long as
 * the tab is. A comment's own page, new to it, opens at the comment, below what that answers.
 */

import { discussion, find } from "./comments.js";

const MOST_WINDOWS = 20;
const MOST_BRANCHES = 20;
const MOST_ENTRIES = 50;
const KEY = "left:";

/**
 * @typedef {object} Left
 * @property {number} windows                  how often "More comments" was opened
 * @property {[root: number, to: number][]} branches  how far branches were
 * @property {number} id                       the comment at mid-screen, 0 where there is none
 * @property {number} top                      where it was
 * @property {number} y                        how far the page was scrolled
 * @property {number} at                       when
 */

let windows = 0;
/** @type {Map<number, number>} */
const branches = new Map();
/** Done when all that had been opened is there again, or could not be had. @type {Promise<void>} */
export let restored = Promise.resolve();

export function startRestoring() {
  const left = recall();
  if (left === undefined) return;
  discussion?.addEventListener("more-opened", (event) => {
    const { root, shownTo } = /** @type {CustomEvent} */ (event).detail;
    if (root) branches.set(root, shownTo);
    else windows += 1;
  });
  addEventListener("hashchange", recall);
  addEventListener("pagehide", keep);
  if (left) restored = restore(left);
  else if (!location.hash && !scrollY) document.querySelector(".ancestors + [data-tree] > *")?.scrollIntoView();
}

/** Where this entry was left; null where it is a new one, undefined where the browser keeps nothing. @returns {Left | null | undefined} */
function recall() {
  try {
    const { entry } = history.state ?? {};
    if (!entry) history.replaceState({ ...history.state, entry: crypto.randomUUID?.() ?? String(Math.random()) }, "");
    return entry ? JSON.parse(sessionStorage.getItem(KEY + entry) ?? "null") : sessionStorage && null;
  } catch {
    return undefined;
  }
}

function keep() {
  const comment = document.elementFromPoint(innerWidth / 2, innerHeight / 2)?.closest("[data-comment]");
  /** @type {Left} */
  const left = {
    windows: Math.min(windows, MOST_WINDOWS), branches: [...branches].slice(-MOST_BRANCHES), y: scrollY, at: Date.now(),
    id: Number(comment?.getAttribute("data-comment")), top: comment?.getBoundingClientRect().top ?? 0,
  };
  try {
    sessionStorage.setItem(KEY + history.state?.entry, JSON.stringify(left));
    const entries = Object.keys(sessionStorage).filter((key) => key.startsWith(KEY));
    const at = (/** @type {string} */ key) => JSON.parse(sessionStorage.getItem(key) ?? "{}").at ?? 0;
    if (entries.length > MOST_ENTRIES) sessionStorage.removeItem(entries.sort((a, b) => at(a) - at(b))[0]);
  } catch {
    // A browser without room takes one to the top of the page.
  }
}

/** @param {Left} left */
async function restore(left) {
  history.scrollRestoration = "manual";
  let isTheirs = false;
  const take = () => (isTheirs = true);
  for (const event of ["wheel", "touchmove", "keydown", "pointerdown"]) addEventListener(event, take, { once: true, passive: true });
  const settle = () => isTheirs || scrollBack(left);
  settle();
  const loaded = new Promise((done) => addEventListener("load", () => setTimeout(done), { once: true }));
  if (document.readyState !== "complete") loaded.then(settle);
  if (left.windows || left.branches.length) await (await import("./reopening.js")).reopen(left);
  settle();
  if (document.readyState !== "complete") await loaded;
  history.scrollRestoration = "auto";
}

/** @param {Left} left */
function scrollBack({ id, top, y }) {
  const comment = find(id);
  const by = comment?.checkVisibility() ? comment.getBoundingClientRect().top - top : y - scrollY;
  scrollBy({ top: by, behavior: "instant" });
}
