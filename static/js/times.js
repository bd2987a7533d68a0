// @ts-check
/** "5 minutes ago" instead of the date, made anew each minute; the exact time while it has the focus, in its title, and on paper. */

import { discussion } from "./comments.js";
import { hold } from "./position.js";
import { language, say } from "./words.js";

const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" });

/** The longest ages, in seconds, that are told in each unit. @type {[number, Intl.RelativeTimeFormatUnit, number][]} */
const UNITS = [[3600, "minute", 60], [86_400, "hour", 3600], [7 * 86_400, "day", 86_400]];

/** What the server wrote. @type {WeakMap<HTMLTimeElement, string>} */
const exact = new WeakMap();

export function startTimes() {
  refresh(document);
  setInterval(() => refresh(document), 60_000);
  addEventListener("beforeprint", () => times(document).forEach((time) => show(time, true)));
  addEventListener("afterprint", () => refresh(document));
  discussion?.addEventListener("comment-shown", ({ target }) => refresh(/** @type {Element} */ (target)));
  for (const event of ["focusin", "focusout"]) {
    document.addEventListener(event, ({ target, type }) => {
      const time = target instanceof Element && target.querySelector(":scope > time[data-time]");
      if (time instanceof HTMLTimeElement) show(time, type === "focusin");
    });
  }
}

/** Tells the times of a part of the page anew. @param {ParentNode} part */
export function refresh(part) {
  hold(() => {
    for (const time of times(part)) show(time, time.parentElement === document.activeElement);
  });
}

/** The times of comments and of the desk: an article keeps its date. @param {ParentNode} part @returns {HTMLTimeElement[]} */
function times(part) {
  return [...part.querySelectorAll(":is(.comment, .profile-where, .found-who, .desk-columns) time[data-time]")].filter((time) => time instanceof HTMLTimeElement);
}

/** @param {HTMLTimeElement} time @param {boolean} isExact */
function show(time, isExact) {
  if (!exact.has(time)) exact.set(time, time.textContent ?? "");
  const words = (!isExact && age(new Date(time.dateTime))) || exact.get(time) || "";
  if (time.textContent !== words) time.textContent = words;
}

/** How long ago, in words; "" for what is longer ago than a week. @param {Date} moment */
function age(moment) {
  const seconds = Math.max(0, (Date.now() - moment.getTime()) / 1000);
  if (seconds < 60) return say("justNow");
  const [, unit, length] = UNITS.find(([longest]) => seconds < longest) ?? [];
  return unit && length ? relative.format(-Math.floor(seconds / length), unit) : "";
}
