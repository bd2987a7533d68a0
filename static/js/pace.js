// @ts-check
/** Slow mode, said in each composer: the discussion's pace, or the branch's where that is the slower one. */

import { discussion } from "./comments.js";
import { composers } from "./composer.js";
import { hold } from "./position.js";

export function startPace() {
  for (const event of ["slow-changed", "comment-shown"]) {
    discussion?.addEventListener(event, () => composers().forEach(showPace));
  }
}

/**
 * @param {HTMLFormElement} form
 */
export function showPace(form) {
  const words = form.querySelector("[data-slow-words]");
  const line = words?.parentElement;
  const said = wordsAt(form);
  if (!words || !line || discussion?.dataset.branch !== undefined || words.textContent === said) return;
  hold(() => {
    words.textContent = said;
    line.hidden = said === "";
  });
}

/** @param {HTMLFormElement} form */
function wordsAt(form) {
  const { slow = "", pace = "0" } = discussion?.dataset ?? {};
  const note = form.closest("[data-tree] > [data-comment]")?.querySelector(":scope > article > [data-branch-slow]");
  const isSlower = Number(note?.getAttribute("data-branch-slow") ?? 0) > Number(pace);
  return isSlower ? note?.textContent ?? "" : slow;
}
