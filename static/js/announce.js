// @ts-check
/** Tells assistive technology how many comments have come: counts only, and at most every 30 s. */

import { discussion } from "./comments.js";
import { element } from "./html.js";
import { say } from "./words.js";

const EVERY = 30_000;

export function startAnnouncing() {
  const region = document.querySelector("[data-announce]") ?? makeRegion();
  let count = 0;
  let told = 0;
  let toldAt = 0;
  let timer = 0;

  const tell = () => {
    timer = 0;
    told = count;
    if (!count) return;
    toldAt = Date.now();
    region.textContent = say("newComments", { n: count });
  };
  discussion?.addEventListener("waiting-changed", (event) => {
    count = /** @type {CustomEvent} */ (event).detail.count;
    told = Math.min(told, count);
    if (count > told && !timer) timer = setTimeout(tell, Math.max(0, toldAt + EVERY - Date.now()));
  });
}

function makeRegion() {
  const region = element("div", "visually-hidden");
  region.ariaLive = "polite";
  return document.body.appendChild(region);
}
