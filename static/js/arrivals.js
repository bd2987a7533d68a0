// @ts-check
/** Decides for each comment's state that comes: put in place, let wait, or only counted. */

import { article, branch, discussion, find, isStale, noteGone, swap, take, tree } from "./comments.js";
import { countReplies } from "./counts.js";
import { listItem } from "./html.js";
import { asChosen, chosenOnly, noteNewsroom } from "./chosen.js";
import { hold } from "./position.js";
import { handle } from "./viewer.js";
import { belongsHere, isWaiting, open, renderMore, renderWaiting, stopWaiting, wait, waitingUnder, tally } from "./waiting.js";

/** @typedef {import("./comments.js").Item} Item */

/** Newer states of comments that could not be put in place without moving what is held. @type {Map<number, Item>} */
const deferred = new Map();

/** Tries again, whenever the person has moved on, what could not be put in place. */
export function startArrivals() {
  document.addEventListener("settled", () => {
    for (const item of [...deferred.values()]) {
      deferred.delete(item.id);
      put(item);
    }
  });
}

/**
 * Takes in states of comments: in any order, once or more often, late or not.
 * @param {Item[]} items
 * @param {number} version  as of which their figures are
 */
export function receive(items, version) {
  const said = items;
  if (chosenOnly) items = items.map(asChosen);
  const atOnce = new Set(items.filter(answersMe).filter((item) => !wouldShift(item)));
  hold(() => {
    noteNewsroom(said);
    for (const item of [...items].sort(parentsFirst)) put(item);
    open([...atOnce].filter((item) => isWaiting(item.id)));
    for (const item of items) if (item.replies) countReplies(item.replies, version);
    showTombstones(items);
    renderWaiting();
    renderMore(new Set(items.map((item) => item.root)));
    showEmpty(!tree?.children.length && !waitingUnder().length);
  });
}

/** @param {boolean} isEmpty */
function showEmpty(isEmpty) {
  discussion?.classList.toggle("is-empty", isEmpty);
  const words = discussion?.querySelector("[data-empty]");
  if (words instanceof HTMLElement) words.hidden = !isEmpty;
}

/** @param {Item} a @param {Item} b */
function parentsFirst(a, b) {
  return (a.ordinal ?? Infinity) - (b.ordinal ?? Infinity) || a.id - b.id;
}

/** @param {Item} item */
function put(item) {
  if (isStale(item)) return;
  const comment = find(item.id);
  if (item.state === "gone") {
    stopWaiting(item.id);
    if (comment) take(comment, item.version);
    else noteGone(item);
  } else if (comment) {
    if (!swap(comment, item) && item.version > (deferred.get(item.id)?.version ?? 0)) deferred.set(item.id, item);
  } else if (isWaiting(item.id)) {
    wait(item);
  } else {
    arrive(item);
  }
}

/** A comment that is not on the page. @param {Item} item */
function arrive(item) {
  const comment = listItem(item.html ?? "");
  const isOwn = comment.dataset.author !== undefined && comment.dataset.author === handle();
  const placed = item.parent === null ? isOwn || belongsHere(item) : find(item.parent) || isWaiting(item.parent);
  if (!placed || isLeftToMore(item, comment)) {
    discussion?.dispatchEvent(new CustomEvent("comment-elsewhere", { detail: { item, comment } }));
    return;
  }
  wait(item);
  if (isOwn) open(withThoseAbove(item), false);
}

/**
 * An edited or picked reply that is not on the page is most likely one of those behind "n more replies": it stays there.
 * @param {Item} item
 * @param {HTMLElement} comment
 */
function isLeftToMore(item, comment) {
  const root = find(item.root);
  const more = root && branch(root)?.querySelector(":scope > [data-more-replies]");
  if (!(more instanceof HTMLElement) || more.hidden || isWaiting(item.parent)) return false;
  return item.ordinal > Number(more.dataset.after) && comment.querySelector(".comment-edited, .badge-pick") !== null;
}

/** @param {Item} item @returns {Item[]} */
function withThoseAbove(item) {
  const above = waitingUnder().filter((other) => waitingUnder(other.id).includes(item));
  return [...above, item];
}

/** Whether this is a reply, not on the page yet, to a comment of the viewer's that is. @param {Item} item */
function answersMe(item) {
  if (item.state !== "visible" || !find(item.parent) || find(item.id)) return false;
  const answered = listItem(item.html ?? "").querySelector("[data-to]")?.getAttribute("data-to") ?? item.parent;
  return find(answered)?.classList.contains("is-own") === true;
}

/** Whether something on screen would move if this reply were put in its place. @param {Item} item */
function wouldShift(item) {
  const parent = find(item.parent);
  if (!parent) return true;
  const details = branch(parent);
  if (details && !details.open && !details.hidden) return false;
  const earlier = [...(details?.querySelector("[data-list]")?.children ?? [])]
    .filter((other) => other instanceof HTMLElement && Number(other.dataset.ordinal) < item.ordinal);
  const { bottom } = (earlier.at(-1) ?? article(parent)).getBoundingClientRect();
  return bottom > 0 && bottom < innerHeight;
}

/** A tombstone waits only for replies of its own; alone it stands at once, for nobody would ask for it. @param {Item[]} items */
function showTombstones(items) {
  const ids = new Set(items.map((item) => item.id));
  const tombstones = waitingUnder().filter((item) => ids.has(item.id) && !tally([item]));
  for (const item of tombstones) {
    const isReady = item.parent === null || find(item.parent);
    if (isReady && !tally(waitingUnder(item.id))) open([item], false);
  }
}
