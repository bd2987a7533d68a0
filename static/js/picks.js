// @ts-check
/** The list of editors' picks alone: each stands without its branch, and goes when it is no pick any more. */

import { discussion } from "./comments.js";
import { element, listItem } from "./html.js";
import { say } from "./words.js";

/** @typedef {import("./comments.js").Item} Item */

/** Whether the page shows the picks alone. */
export const picksOnly = discussion?.dataset.show === "picks";

/**
 * A comment's state as the list of picks takes it: what is no pick is gone from there.
 * @param {Item} item
 * @returns {Item}
 */
export function asPick(item) {
  const alone = { ...item, parent: null, replies: {} };
  const comment = item.html ? listItem(item.html) : null;
  if (comment?.dataset.featured === undefined) return { ...alone, state: "gone" };
  delete comment.dataset.parent;
  delete comment.dataset.pinned;
  comment.className = "comment depth-1";
  comment.querySelector(":scope > [data-replies]")?.setAttribute("hidden", "");
  if (!comment.querySelector(":scope > .pick-place")) comment.append(conversation(item.id));
  return { ...alone, html: comment.outerHTML };
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
  link.hidden = count === 0 && !picksOnly;
}
