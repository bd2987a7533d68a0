// @ts-check
/**
 * "New": a bar and a word on comments that came since the last visit, or while the page was open, until they have been
 * seen for 2 s on a page that is on screen.
 */

import { all, article, discussion } from "./comments.js";
import { element } from "./html.js";
import { hold } from "./position.js";
import { hasSeen, isUnseen, noteSeen } from "./reading.js";
import { say } from "./words.js";

const SEEN_AFTER = 2000;

/** Of a comment on screen: fine enough for one that is many screens long. */
const PARTS = Array.from({ length: 51 }, (_, part) => part / 100);

/** @type {Map<Element, number>} */
const timers = new Map();

const watcher = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    const comment = /** @type {HTMLElement} */ (entry.target.parentElement);
    const { isIntersecting, intersectionRect, boundingClientRect } = entry;
    const enough = intersectionRect.height >= Math.min(boundingClientRect.height, innerHeight) / 2;
    if (!isIntersecting || !enough) lookAway(comment);
    else if (!timers.has(comment)) timers.set(comment, setTimeout(() => look(comment), SEEN_AFTER));
  }
}, { threshold: PARTS });

/** Marks and watches every new comment that is on the page or comes onto it. */
export function startSeeing() {
  hold(() => all().forEach((comment) => mark(comment, isUnseen(comment))));
  discussion?.addEventListener("comment-shown", (event) => {
    const { target, detail } = /** @type {CustomEvent} */ (event);
    if (target instanceof HTMLElement) mark(target, !detail?.before && isUnseen(target));
  });
  discussion?.addEventListener("place-changed", () => {
    for (const comment of news()) if (hasSeen(Number(comment.dataset.comment))) markSeen(comment);
  });
  document.addEventListener("visibilitychange", () => {
    for (const comment of news()) {
      lookAway(comment);
      watcher.unobserve(article(comment));
      watcher.observe(article(comment));
    }
  });
}

/**
 * @param {HTMLElement} comment
 * @param {boolean} isNew  it is, where it has not been marked so before
 */
function mark(comment, isNew) {
  if (isNew) comment.classList.add("is-new");
  if (!comment.classList.contains("is-new")) return;
  const head = article(comment).querySelector(".comment-head");
  if (head && !head.querySelector("[data-new-tag]")) {
    head.append(element("span", "badge badge-new", say("new")));
    head.lastElementChild?.setAttribute("data-new-tag", "");
  }
  watcher.observe(article(comment));
  comment.dispatchEvent(new Event("comment-new", { bubbles: true }));
}

/** The new comments, in the page's order. */
export function news() {
  return all().filter((comment) => comment.classList.contains("is-new"));
}

/** @param {HTMLElement} comment */
function look(comment) {
  if (!document.hidden) markSeen(comment);
}

/** @param {HTMLElement} comment */
function lookAway(comment) {
  clearTimeout(timers.get(comment));
  timers.delete(comment);
}

/**
 * Takes the mark of a new comment off: it has been seen, here or on another page, or passed.
 * @param {HTMLElement} comment
 */
export function markSeen(comment) {
  lookAway(comment);
  watcher.unobserve(article(comment));
  noteSeen(Number(comment.dataset.comment));
  hold(() => {
    comment.classList.remove("is-new");
    article(comment).querySelector("[data-new-tag]")?.remove();
    comment.dispatchEvent(new Event("comment-seen", { bubbles: true }));
  });
}
