// @ts-check
/**
 * Comments as they stand on the page, and one comment's state put in place. Every change to a comment on the page is
 * told by an event on the comment's `<li>`, which bubbles: "comment-shown" (inserted or changed) and "comment-gone".
 */

import { listItem } from "./html.js";
import { hold } from "./position.js";

/**
 * A comment's state, as the server sends it.
 * @typedef {object} Item
 * @property {number} id
 * @property {number | null} parent  the comment that it is shown under
 * @property {number} root
 * @property {number} ordinal        n-th descendant of its root
 * @property {number} version
 * @property {string} state          visible, held, removed, deleted; gone: not, or no longer, to be seen
 * @property {string} [html]         its `<li>`
 * @property {{[id: string]: number}} [replies]  how many replies those above it have now
 */

/** The discussion on this page, if there is one. */
export const discussion = /** @type {HTMLElement | null} */ (document.querySelector("[data-discussion]"));

/** Whether the page shows one comment with its replies, not the discussion from its top. */
export const branchOnly = discussion?.dataset.branch !== undefined;

/** The address of the article: a comment's own page is headed by the link to it. */
export function articlePath() {
  const link = branchOnly && document.querySelector("h1 a");
  return link instanceof HTMLAnchorElement ? link.pathname : discussion?.dataset.url ?? "";
}

/** The list of top-level comments. */
export const tree = /** @type {HTMLElement | null} */ (discussion?.querySelector("[data-tree]") ?? null);

/** The versions at which comments went: whatever is older and comes late is not shown again. @type {Map<number, number>} */
const gone = new Map();

/**
 * The comment's `<li>`, where it is on the page.
 * @param {number | string | null | undefined} id
 * @returns {HTMLElement | null}
 */
export function find(id) {
  return id ? document.getElementById(`comment-${id}`) : null;
}

/** All comments on the page, in its order. @returns {HTMLElement[]} */
export function all() {
  return [...document.querySelectorAll("[data-comment]")].filter((comment) => comment instanceof HTMLElement);
}

/** The comments that are not folded away. */
export function readable() {
  return all().filter((comment) => comment.checkVisibility());
}

/** The comment that has the focus, else the one at the top of the window. */
export function current() {
  const focused = document.activeElement?.closest("[data-comment]");
  if (focused instanceof HTMLElement) return focused;
  return readable().findLast((comment) => article(comment).getBoundingClientRect().top <= 40);
}

/**
 * The comment's own part of its `<li>`.
 * @param {Element} comment
 */
export function article(comment) {
  return /** @type {HTMLElement} */ (comment.querySelector(":scope > article"));
}

/**
 * The `<details>` that holds a comment's replies; null at the deepest level.
 * @param {Element} comment
 * @returns {HTMLDetailsElement | null}
 */
export function branch(comment) {
  return comment.querySelector(":scope > [data-replies]");
}

/**
 * A branch stands while it has replies, or something in it that only this viewer sees.
 * @param {Element} comment
 */
export function showBranch(comment) {
  const details = branch(comment);
  const count = details?.querySelector(":scope > summary [data-reply-count]")?.getAttribute("data-reply-count");
  const isEmpty = !details?.querySelector(":scope > [data-list] > :is([data-comment], .comment-stand-in)");
  if (details) details.hidden = count === "0" && isEmpty;
}

/**
 * @param {Element} comment
 * @returns {HTMLElement | null}
 */
export function parentOf(comment) {
  return comment.parentElement?.closest("[data-comment]") ?? null;
}

/**
 * Whether this state is older than what is known of the comment.
 * @param {Item} item
 */
export function isStale(item) {
  return item.version <= Number(find(item.id)?.dataset.version ?? gone.get(item.id) ?? 0);
}

/**
 * A comment's state read from a fetched page.
 * @param {HTMLElement} comment
 * @returns {Item}
 */
export function itemOf(comment) {
  const { comment: id, parent, root, ordinal, version, state = "visible" } = comment.dataset;
  const alone = /** @type {HTMLElement} */ (comment.cloneNode(true));
  branch(alone)?.querySelector("[data-list]")?.replaceChildren();
  return {
    id: Number(id), parent: parent ? Number(parent) : null, root: Number(root), ordinal: Number(ordinal),
    version: Number(version), state, html: alone.outerHTML,
  };
}

/**
 * Puts a comment in its place beneath its parent, or among the top-level ones.
 * @param {Item} item
 * @param {boolean} [isNew]  whether to mark it as new until it has been seen
 * @returns {HTMLElement | null} null where there is no such place on the page
 */
export function insert(item, isNew = false) {
  const above = find(item.parent);
  const list = item.parent ? above && branch(above)?.querySelector("[data-list]") : tree;
  if (!list || find(item.id)) return find(item.id);
  const comment = listItem(item.html ?? "");
  comment.classList.toggle("is-new", isNew);
  const others = [...list.children].filter((other) => !other.classList.contains("is-misplaced"));
  const next = others.find((other) => other instanceof HTMLElement && other.dataset.comment && comesBefore(comment, other));
  hold(() => {
    list.insertBefore(comment, next ?? null);
    if (above) showBranch(above);
    comment.dispatchEvent(new Event("comment-shown", { bubbles: true }));
  });
  gone.delete(item.id);
  return comment;
}

/**
 * Whether one comment stands before another in the same list: replies by time, the top level by the page's sort, what
 * is pinned above it.
 * @param {HTMLElement} one
 * @param {HTMLElement} other
 */
export function comesBefore(one, other) {
  const [a, b] = [one.dataset, other.dataset];
  if (a.parent) return Number(a.ordinal) < Number(b.ordinal);
  const [pinA, pinB] = [Number(a.pinned ?? 0), Number(b.pinned ?? 0)];
  if (pinA !== pinB) return pinA > pinB;
  const sort = discussion?.dataset.sort;
  const [scoreA, scoreB] = [score(one), score(other)];
  if (sort === "best" && scoreA !== scoreB) return scoreA > scoreB;
  return sort === "oldest" ? Number(a.comment) < Number(b.comment) : Number(a.comment) > Number(b.comment);
}

/** @param {Element} comment */
function score(comment) {
  return Number(comment.querySelector(":scope > [data-actions] [data-score]")?.textContent ?? 0);
}

/**
 * Gives a comment on the page a newer state: only its own article and its data- attributes are swapped.
 * @param {HTMLElement} comment
 * @param {Item} item
 * @returns {boolean} false where that would move what is held: to be tried again
 */
export function swap(comment, item) {
  const newer = listItem(item.html ?? "");
  const [before, after] = [article(comment), article(newer)];
  const focus = before.contains(document.activeElement) ? document.activeElement?.id : undefined;
  const data = { ...comment.dataset };
  const stands = hold(() => {
    before.replaceWith(after);
    replaceData(comment, newer.dataset);
    comment.dispatchEvent(new CustomEvent("comment-shown", { bubbles: true, detail: { before } }));
  }, {
    fill: (filler) => after.after(filler),
    undo: () => {
      after.replaceWith(before);
      replaceData(comment, withClosing(data, newer.dataset));
    },
  });
  if (stands && focus !== undefined) (document.getElementById(focus) ?? focusable(comment)).focus({ preventScroll: true });
  return stands;
}

/**
 * What a comment was, but for that its branch is closed: that moves nothing, and holds at once.
 * @param {DOMStringMap} data
 * @param {DOMStringMap} newer
 */
function withClosing({ branchClosed, ...data }, newer) {
  return newer.branchClosed === undefined ? data : { ...data, branchClosed: newer.branchClosed };
}

/** @param {HTMLElement} comment @param {DOMStringMap} data */
function replaceData(comment, data) {
  for (const name of Object.keys(comment.dataset)) if (!(name in data)) delete comment.dataset[name];
  Object.assign(comment.dataset, data);
}

/**
 * Takes a comment away, with what hangs on it. An open composer beneath it is left standing, with its text.
 * @param {HTMLElement} comment
 * @param {number} version  what is not newer than this is not shown again
 */
export function take(comment, version) {
  const list = comment.parentElement;
  const [previous, above, focused] = [comment.previousElementSibling, parentOf(comment), comment.contains(document.activeElement)];
  const composers = [...comment.querySelectorAll("[data-composer]")];
  for (const one of [comment, ...comment.querySelectorAll("[data-comment]")]) {
    gone.set(Number(/** @type {HTMLElement} */ (one).dataset.comment), version);
  }
  hold(() => {
    comment.dispatchEvent(new CustomEvent("comment-gone", { bubbles: true, detail: { composers } }));
    if (composers.length) keepComposers(comment, composers);
    else comment.remove();
    if (above) showBranch(above);
  }, { fill: (filler) => (previous ? previous.after(filler) : list?.prepend(filler)) });
  const next = previous?.matches("[data-comment]") ? previous : above;
  if (focused && !composers.length && next) focusable(next).focus({ preventScroll: true });
}

/**
 * Leaves of a comment only the composers beneath it, in an item that is no comment.
 * @param {HTMLElement} comment
 * @param {Element[]} composers
 */
function keepComposers(comment, composers) {
  comment.removeAttribute("id");
  for (const name of Object.keys(comment.dataset)) delete comment.dataset[name];
  comment.className = "comment-stand-in";
  for (const child of [...comment.children]) if (!composers.includes(child)) child.remove();
  const focused = document.activeElement;
  for (const composer of composers) if (composer.parentElement !== comment) comment.append(composer);
  if (focused instanceof HTMLElement && comment.contains(focused)) focused.focus({ preventScroll: true });
}

/**
 * Notes that a comment that is not on the page is gone.
 * @param {Item} item
 */
export function noteGone(item) {
  gone.set(item.id, Math.max(item.version, gone.get(item.id) ?? 0));
}

/** The database was restored: no version that is known here means anything. */
export function forgetVersions() {
  gone.clear();
  for (const comment of all()) comment.dataset.version = "0";
}

/**
 * The comment's element that takes the focus when a person goes to it.
 * @param {Element} comment
 */
export function focusable(comment) {
  const own = article(comment);
  own.tabIndex = -1;
  return own;
}

/**
 * Brings a comment to the top of the window, unfolding what it is folded into, and gives it the focus.
 * @param {Element} comment
 */
export function goTo(comment) {
  for (let above = parentOf(comment); above; above = parentOf(above)) branch(above)?.setAttribute("open", "");
  const own = focusable(comment);
  own.focus({ preventScroll: true });
  own.scrollIntoView({ block: "start", behavior: "instant" });
}
