// @ts-check
/**
 * "Someone is replying", where the site has it switched on: this page says where it is written on, and shows where
 * others are. What comes is the same for every page, so the places at which this page itself has just been written on
 * are left out of it; somebody else who writes there shows a few seconds later.
 */

import { branchOnly, discussion, find } from "./comments.js";
import { hidden } from "./composer.js";
import { element } from "./html.js";
import { handle } from "./viewer.js";
import { say } from "./words.js";

const SAY_EVERY = 3000;
/** Longer than a word of ours lasts at the server, which is 5 s, and its way to here and there. */
const OWN_FOR = 8000;
/** Without another word in this time it is over: the last one was lost. Heartbeats say it every 20 s. */
const FORGET_AFTER = 25_000;

/** Where others write: comments' ids, null for the discussion itself. @type {(number | null)[]} */
let places = [];
/** When this page was last written on, by place. @type {Map<number | null, number>} */
const own = new Map();
let saidAt = 0;
let forgetting = 0;

/** @param {(message: {type: "typing", parent: number | null}) => void} send */
export function startTyping(send) {
  if (discussion?.dataset.typing !== "on") return;
  document.addEventListener("input", ({ target }) => {
    if (!(target instanceof HTMLTextAreaElement) || !target.matches("[data-composer] [data-body]")) return;
    if (handle() === undefined || !target.form || !target.value.trim()) return;
    const parent = Number(hidden(target.form, "parent").value) || null;
    own.set(parent, Date.now());
    show();
    if (Date.now() - saidAt < SAY_EVERY) return;
    saidAt = Date.now();
    send({ type: "typing", parent });
    setTimeout(show, OWN_FOR);
  });
  discussion.addEventListener("comment-shown", show);
}

/**
 * @param {(number | null)[]} now  all the places at which somebody writes, this page's own among them
 */
export function showTyping(now) {
  places = now;
  clearTimeout(forgetting);
  if (now.length) forgetting = setTimeout(() => showTyping([]), FORGET_AFTER);
  show();
}

/** A line in the row of a comment's actions, or in the discussion's head: only where there is room, so nothing moves. */
function show() {
  const others = places.filter((place) => Date.now() - (own.get(place) ?? 0) >= OWN_FOR);
  const before = new Set(others.map(lastBefore).filter((element) => element !== null));
  for (const line of document.querySelectorAll("[data-typing-line]")) {
    if (!line.previousElementSibling || !before.delete(line.previousElementSibling)) line.remove();
  }
  for (const last of before) {
    const line = element("span", "typing", say(last.matches("[data-live-state]") ? "someoneWrites" : "someoneReplies"));
    line.dataset.typingLine = "";
    last.after(line);
  }
}

/** What the line of a place follows. @param {number | null} place @returns {Element | null} */
function lastBefore(place) {
  if (place !== null) return find(place)?.querySelector(":scope > [data-actions] > [data-more]") ?? null;
  return branchOnly ? null : discussion?.querySelector("[data-live-state]") ?? null;
}
