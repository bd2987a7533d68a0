// @ts-check
/** Links to comments of this page: followed in place, also to one that waits or that is further down than is loaded. */

import { branchOnly, discussion, find, goTo } from "./comments.js";
import { restored } from "./restoring.js";
import { open, waitingUnder } from "./waiting.js";

export function startLinks() {
  discussion?.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("[data-to]") : null;
    const id = Number(link?.getAttribute("data-to"));
    if (!id || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const comment = shown(id);
    if (!comment) return;
    event.preventDefault();
    goTo(comment);
  });
  restored.then(followAddress);
  addEventListener("hashchange", followAddress);
}

/** What the address names may be further down than is loaded: then it has a page of its own, unless one comes from there. */
function followAddress() {
  const [, target] = /^#comment-(\d+)$/.exec(location.hash) ?? [];
  const isPart = !branchOnly && discussion?.querySelector("[data-more-comments], [data-more-replies]:not([hidden])");
  if (!target || find(target)) return;
  const comment = shown(Number(target));
  if (comment) goTo(comment);
  else if (isPart && cameFrom() !== `/comments/${target}`) location.replace(`/comments/${target}`);
}

function cameFrom() {
  return document.referrer && new URL(document.referrer).pathname;
}

/** @param {number} id */
function shown(id) {
  const item = waitingUnder().find((other) => other.id === id);
  if (item) open(waitingUnder().filter((other) => other === item || waitingUnder(other.id).includes(item)));
  return find(id);
}
