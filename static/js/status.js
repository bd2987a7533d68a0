// @ts-check
/** Says whether the page is live, and how many read it just now. */

import { discussion } from "./comments.js";
import { element } from "./html.js";
import { hold } from "./position.js";
import { say } from "./words.js";

/** @typedef {"live" | "reconnecting" | "offline"} LiveState */

const place = document.querySelector("[data-live-state]");

/** @param {LiveState} state */
export function showState(state) {
  if (document.documentElement.dataset.live === state) return;
  document.documentElement.dataset.live = state;
  if (!(place instanceof HTMLElement)) return;
  const word = place.querySelector("[data-live-word]");
  hold(() => {
    place.hidden = false;
    place.dataset.state = state;
    if (word) word.textContent = say(state);
    if (state !== "live") showReaders(0);
  });
}

/** @param {number} count */
export function showReaders(count) {
  const readers = place?.querySelector("[data-readers]");
  if (readers) readers.textContent = count ? say("reading", { n: count }) : "";
}

/**
 * Nothing comes any more: say why, and leave what is on the page.
 * @param {string} words
 */
export function showEnd(words) {
  showState("offline");
  if (!(place instanceof HTMLElement)) return;
  const line = element("p", "notice", words);
  hold(() => discussion?.querySelector("header")?.after(line));
  place.hidden = true;
}
