// @ts-check
/**
 * What has come but is not shown, so that the page does not move: behind a button at its branch, and one button
 * at the window's edge for all of it. The newest state of each comment waits.
 */

import { all, article, branch, branchOnly, comesBefore, discussion, find, focusable, goTo, insert, tree } from "./comments.js";
import { countMore } from "./counts.js";
import { element, listItem } from "./html.js";
import { hold, onScreen, pin } from "./position.js";
import { hasSeen } from "./reading.js";
import { say } from "./words.js";

/** @typedef {import("./comments.js").Item} Item */

/** @type {Map<number, Item>} */
const waiting = new Map();

const pill = /** @type {HTMLButtonElement} */ (element("button", "pill"));

/** Puts up the button for all that waits, and keeps it away from people who write. */
export function startWaiting() {
  pill.type = "button";
  pill.hidden = true;
  pill.dataset.pill = "";
  pill.addEventListener("click", showAll);
  discussion?.append(pill);
  for (const event of ["focusin", "focusout"]) document.addEventListener(event, () => setTimeout(renderPill));
  document.addEventListener("settled", renderWaiting);
}

/** @param {number | null} id */
export function isWaiting(id) {
  return id !== null && waiting.has(id);
}

/**
 * Lets a comment wait, or gives one that waits a newer state.
 * @param {Item} item
 */
export function wait(item) {
  if (item.version > (waiting.get(item.id)?.version ?? 0)) waiting.set(item.id, item);
}

/**
 * A waiting comment is gone, and with it what waits beneath it; or it is shown by other means, and that goes on waiting.
 * @param {number} id
 * @param {boolean} [isGone]
 */
export function stopWaiting(id, isGone = true) {
  waiting.delete(id);
  if (isGone) for (const item of waiting.values()) if (item.parent === id) stopWaiting(item.id);
}

/**
 * What waits beneath a comment, at any depth; all of it without one.
 * @param {number} [id]
 */
export function waitingUnder(id) {
  return [...waiting.values()].filter((item) => id === undefined || chain(item).includes(id));
}

/**
 * Of these, how many a person is told of: a tombstone counts for nothing.
 * @param {Item[]} items
 */
export function tally(items) {
  return items.filter((item) => item.state === "visible").length;
}

/** The comments above a waiting one, from the nearest up to its root. @param {Item} item @returns {number[]} */
function chain(item) {
  const ids = [];
  for (let id = item.parent; id !== null;) {
    ids.push(id);
    const above = find(id);
    id = above ? Number(above.dataset.parent ?? 0) || null : waiting.get(id)?.parent ?? null;
  }
  return ids;
}

/** The nearest comment above a waiting one that is on the page. @param {Item} item */
function branchOf(item) {
  return chain(item).find((id) => find(id)) ?? null;
}

/**
 * Puts waiting comments in their places, parents first.
 * @param {Item[]} items
 * @param {boolean} [isNew]
 */
export function open(items, isNew = true) {
  hold(() => {
    for (const item of [...items].sort((a, b) => a.ordinal - b.ordinal || a.id - b.id)) {
      insert(item, isNew && item.state === "visible" && !hasSeen(item.id));
      waiting.delete(item.id);
    }
    renderWaiting();
    renderMore(new Set(items.map((item) => item.root)));
  });
}

/**
 * Shows what waits at a comment's branch, holding the comment, and goes to the first of it.
 * @param {HTMLElement} comment
 */
export function openBranch(comment) {
  const items = waitingUnder(Number(comment.dataset.comment)).sort((a, b) => a.ordinal - b.ordinal);
  branch(comment)?.setAttribute("open", "");
  pin(comment);
  open(items);
  const first = find(items.find((item) => item.state === "visible")?.id);
  if (!first) return;
  if (onScreen(article(first))) focusable(first).focus({ preventScroll: true });
  else goTo(first);
}

/** Shows all that waits and goes to the first of it. */
export function showAll() {
  const items = [...waiting.values()];
  open(items);
  const shown = new Set(items.map(({ id, state }) => state === "visible" && `comment-${id}`));
  const first = all().find(({ id }) => shown.has(id));
  if (first) goTo(first);
}

/** Brings buttons and figures up to date with what waits. */
export function renderWaiting() {
  /** @type {Map<number, Item[]>} */
  const branches = new Map();
  for (const item of waiting.values()) {
    const id = branchOf(item);
    if (id !== null) branches.set(id, [...(branches.get(id) ?? []), item]);
  }
  for (const button of document.querySelectorAll("[data-waiting]")) {
    const id = Number(button.getAttribute("data-waiting"));
    if (!tally(branches.get(id) ?? [])) removeButton(button);
  }
  for (const [id, items] of branches) if (tally(items)) renderButton(id, tally(items));
  renderPill();
  discussion?.dispatchEvent(new CustomEvent("waiting-changed", { detail: { count: tally([...waiting.values()]) } }));
}

/** @param {number} id @param {number} count */
function renderButton(id, count) {
  const comment = /** @type {HTMLElement} */ (find(id));
  const details = branch(comment);
  const text = say("newReplies", { n: count });
  const button = comment.querySelector(":scope > [data-waiting]");
  if (button) {
    if (button.textContent !== text) button.textContent = text;
    return;
  }
  const made = /** @type {HTMLButtonElement} */ (element("button", "waiting", text));
  made.type = "button";
  made.dataset.waiting = String(id);
  made.addEventListener("click", () => openBranch(comment));
  hold(() => details?.before(made), { undo: () => made.remove() });
}

/** @param {Element} button */
function removeButton(button) {
  const before = button.previousElementSibling;
  hold(() => button.remove(), { fill: (filler) => before?.after(filler) });
}

function renderPill() {
  const count = tally([...waiting.values()]);
  const writing = document.activeElement?.matches("textarea, select, input:not([type=checkbox])") ?? false;
  pill.hidden = !count || writing;
  if (count) pill.textContent = say("newComments", { n: count });
}

/**
 * Figures of a root after something beneath it came, went or began to wait.
 * @param {Iterable<number>} roots
 */
export function renderMore(roots) {
  for (const root of roots) countMore(root, tally(waitingUnder(root)));
}

/**
 * Whether a top-level comment belongs to the part of the discussion that this page shows.
 * @param {Item} item
 */
export function belongsHere(item) {
  if (branchOnly) return false;
  const siblings = [...(tree?.children ?? [])].filter((other) => other instanceof HTMLElement && other.dataset.comment);
  return belongs(listItem(item.html ?? ""), siblings);
}

/**
 * Whether a comment's place is among these, or before or after them where nothing else stands there.
 * @param {HTMLElement} comment
 * @param {Element[]} siblings
 */
export function belongs(comment, siblings) {
  const before = siblings.filter((other) => comesBefore(/** @type {HTMLElement} */ (other), comment)).length;
  const isFirstPage = !new URLSearchParams(location.search).has("after");
  const isLastPage = !discussion?.querySelector("[data-more-comments]");
  return (before > 0 || isFirstPage) && (before < siblings.length || isLastPage);
}
