// @ts-check
/** "n more replies" of a branch and "More comments" at the end of the list, fetched into place. */

import { discussion, find, focusable, insert, isStale, itemOf, swap, tree } from "./comments.js";
import { countReplies } from "./counts.js";
import { element, fetchPage } from "./html.js";
import { hold, pin } from "./position.js";
import { ask } from "./request.js";
import { renderMore, renderWaiting, stopWaiting } from "./waiting.js";
import { say } from "./words.js";

/** @typedef {import("./comments.js").Item} Item */

export function startMore() {
  discussion?.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const more = link.closest("[data-more-replies]");
    const next = link.closest("[data-more-comments]");
    if (!more && !next) return;
    event.preventDefault();
    open(/** @type {HTMLElement} */ (more ?? next));
  });
}

/**
 * Fetches what a link to more stands for, as if it were pressed.
 * @param {HTMLElement} place  a branch's, or the list's
 * @param {boolean} [takesFocus]  to the first that came, where the link goes
 * @returns {Promise<boolean>} whether it came
 */
export async function open(place, takesFocus = true) {
  const link = place.querySelector("a");
  if (!link) return false;
  return load(link, async () => {
    const first = place.matches("[data-more-replies]") ? await moreReplies(place) : await moreComments(place);
    if (first && takesFocus) focusable(first).focus({ preventScroll: true });
  });
}

/**
 * Says "Loading" on the link meanwhile; when it fails, says so beside it.
 * @param {HTMLElement} link
 * @param {() => Promise<void>} action
 * @returns {Promise<boolean>} whether it came
 */
async function load(link, action) {
  if (link.ariaDisabled === "true") return false;
  const text = link.textContent;
  link.ariaDisabled = "true";
  link.textContent = say("loading");
  link.parentElement?.querySelector(".action-error")?.remove();
  try {
    await action();
    return true;
  } catch {
    const error = element("span", "action-error", say("notLoaded"));
    error.setAttribute("role", "alert");
    link.after(" ", error);
    return false;
  } finally {
    link.ariaDisabled = null;
    if (link.textContent === say("loading")) link.textContent = text;
  }
}

/** @param {HTMLElement} more @returns {Promise<HTMLElement | null>} what takes the focus, where the link has gone */
async function moreReplies(more) {
  const root = /** @type {HTMLElement} */ (more.closest("[data-comment]"));
  const id = Number(root.dataset.comment);
  const { comments, shownTo, rest } = await fetchReplies(id, Number(more.dataset.after));
  pin(more.previousElementSibling?.lastElementChild ?? root);
  const first = show(comments);
  more.dataset.after = String(shownTo);
  renderMore([id]);
  if (!rest && !comments.length) more.hidden = true;
  discussion?.dispatchEvent(new CustomEvent("more-opened", { detail: { root: id, shownTo } }));
  return more.hidden ? first : null;
}

/**
 * The next replies of a branch. Throws where they cannot be had.
 * @param {number} root
 * @param {number} after  an ordinal
 * @returns {Promise<{comments: Item[], shownTo: number, rest: number}>}
 */
export async function fetchReplies(root, after) {
  const { status, data } = await ask(`/comments/${root}/replies?after=${after}`);
  if (status !== 200) throw new Error(`${status} for more replies`);
  return { comments: data.comments, shownTo: data.shown_to, rest: data.more };
}

/**
 * Puts comments in place that the person has asked for.
 * @param {Item[]} items
 * @returns {HTMLElement | null} the first one that was not there
 */
function show(items) {
  const isNew = items.filter((item) => !find(item.id));
  hold(() => {
    for (const item of items) {
      stopWaiting(item.id, false);
      const known = find(item.id);
      if (known && !isStale(item)) swap(known, item);
      else if (!isStale(item)) insert(item);
      if (item.replies) countReplies(item.replies, item.version);
    }
    renderWaiting();
  });
  return find(isNew[0]?.id);
}

/** @param {HTMLElement} next @returns {Promise<HTMLElement | null>} the first that was not there */
async function moreComments(next) {
  const fetched = await fetchNext(next);
  pin(tree?.lastElementChild ?? next);
  const first = show(fetched.comments.flatMap(branchItems));
  if (fetched.next) next.replaceWith(fetched.next);
  else next.remove();
  discussion?.dispatchEvent(new CustomEvent("more-opened", { detail: {} }));
  return first;
}

/**
 * A comment of a fetched page and all that stands beneath it there, as states.
 * @param {HTMLElement} comment
 */
export function branchItems(comment) {
  const all = [comment, ...comment.querySelectorAll("[data-comment]")];
  return all.filter((one) => one instanceof HTMLElement).map(itemOf);
}

/**
 * The next page of top-level comments, each with its first replies. Throws where it cannot be had.
 * @param {Element} next
 * @returns {Promise<{comments: HTMLElement[], next: Element | null}>}
 */
export async function fetchNext(next) {
  const page = await fetchPage(next.querySelector("a")?.href ?? "");
  const comments = [...page.querySelectorAll("[data-tree] > [data-comment]")];
  const following = page.querySelector("[data-more-comments]");
  return {
    comments: comments.filter((comment) => comment instanceof HTMLElement),
    next: following && document.importNode(following, true),
  };
}
