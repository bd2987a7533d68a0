// @ts-check
/** What moderators say to somebody, in every composer of theirs, to be acknowledged before the next post. */

import { element } from "./html.js";
import { hold } from "./position.js";
import { say } from "./words.js";

const PLACE = "[data-warnings]";

/**
 * The last warning that is ticked as read in a composer; "0" where none is.
 * @param {Element} form
 */
export function acknowledgedIn(form) {
  const box = form.querySelector(`${PLACE} input:checked`);
  return box instanceof HTMLInputElement ? box.value : "0";
}

/**
 * Shows warnings that came while the page was open.
 * @param {{id: number, text: string}[]} warnings
 */
export function showWarnings(warnings) {
  hold(() => {
    for (const form of document.querySelectorAll("form[data-composer]")) {
      form.querySelector(PLACE)?.remove();
      form.querySelector(".composer-who")?.after(placeOf(warnings));
    }
  });
}

/** They are acknowledged: no composer shows them any more. */
export function forgetWarnings() {
  hold(() => document.querySelectorAll(PLACE).forEach((place) => place.remove()));
}

/** @param {{id: number, text: string}[]} warnings */
function placeOf(warnings) {
  const place = element("div", "composer-warning");
  place.dataset.warnings = "";
  const label = element("label", "");
  const box = /** @type {HTMLInputElement} */ (element("input", ""));
  Object.assign(box, { type: "checkbox", name: "acknowledged", value: String(warnings.at(-1)?.id), required: true });
  label.append(box, " ", say("warningRead"));
  const texts = warnings.map(({ text }) => element("p", "composer-warning-text", text));
  for (const text of texts) text.dir = "auto";
  place.append(element("p", "", say("warned")), ...texts, label);
  return place;
}
