// @ts-check
/** New top-level comments that belong to another part of the discussion than this page shows: a count at "Newest". */

import { all, discussion } from "./comments.js";
import { element } from "./html.js";
import { hold } from "./position.js";
import { say } from "./words.js";

export function startElsewhere() {
  /** @type {Set<number>} */
  const ids = new Set();
  let newest = Math.max(0, ...all().map(({ dataset }) => Number(dataset.comment)));
  discussion?.addEventListener("comment-shown", ({ target }) => {
    newest = Math.max(newest, Number(/** @type {HTMLElement} */ (target).dataset.comment));
  });
  discussion?.addEventListener("comment-elsewhere", (event) => {
    const { item, comment } = /** @type {CustomEvent} */ (event).detail;
    const isNew = item.id > newest && item.state === "visible" && !comment.querySelector(".comment-edited, .badge-pick");
    if (item.parent !== null || !isNew) return;
    newest = item.id;
    ids.add(item.id);
    show(ids.size);
  });
}

/** @param {number} count */
function show(count) {
  const link = discussion?.querySelector('.sorts a[href*="sort=newest"]');
  hold(() => {
    const badge = link?.querySelector(".badge-new") ?? link?.appendChild(element("span", "badge badge-new"));
    if (badge) badge.textContent = say("newElsewhere", { n: count });
  });
}
