// @ts-check
/**
 * A list of chosen comments alone, the editors' picks or what the newsroom says: each stands without its branch, and
 * goes when it is not one of them any more.
 */

import { discussion } from "./comments.js";
import { element, listItem } from "./html.js";
import { say } from "./words.js";

/** @typedef {import("./comments.js").Item} Item */

const show = discussion?.dataset.show;

/** Whether the page shows chosen comments alone. */
export const chosenOnly = show !== undefined;

/**
 * A comment's state as such a list takes it: what is not one of the chosen is gone from there.
 * @param {Item} item
 * @returns {Item}
 */
export function asChosen(item) {
  const alone = { ...item, parent: null, replies: {} };
  const comment = item.html ? listItem(item.html) : null;
  if (!comment || !(show === "picks" ? isPick(comment) : isNewsrooms(comment))) return { ...alone, state: "gone" };
  delete comment.dataset.parent;
  delete comment.dataset.pinned;
  comment.className = "comment depth-1";
  comment.querySelector(":scope > [data-replies]")?.setAttribute("hidden", "");
  if (!comment.querySelector(":scope > .pick-place")) comment.append(conversation(item.id));
  return { ...alone, html: comment.outerHTML };
}

/** @param {HTMLElement} comment */
function isPick(comment) {
  return comment.dataset.featured !== undefined;
}

/** @param {HTMLElement} comment */
function isNewsrooms(comment) {
  return comment.querySelector(":scope > article .badge-staff, :scope > article .badge-author") !== null;
}

/**
 * Shows the way to what the newsroom says, once it has said anything.
 * @param {Item[]} items
 */
export function noteNewsroom(items) {
  const link = discussion?.querySelector("[data-newsroom]");
  if (!(link instanceof HTMLElement) || !link.hidden) return;
  link.hidden = !items.some(({ html }) => html?.includes("badge-") && isNewsrooms(listItem(html)));
}

/** The way to the comment's place among the others. @param {number} id */
function conversation(id) {
  const line = element("p", "pick-place");
  const link = element("a", "", say("conversation"));
  link.setAttribute("href", `/comments/${id}`);
  line.append(link);
  return line;
}

/**
 * How many picks there are, at the link to them.
 * @param {number} count
 */
export function countPicks(count) {
  const link = discussion?.querySelector("[data-picks]");
  if (!(link instanceof HTMLElement) || link.dataset.picks === String(count)) return;
  link.dataset.picks = String(count);
  link.textContent = say("picks", { n: count });
  link.hidden = count === 0 && show !== "picks";
}
