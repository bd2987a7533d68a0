// @ts-check
/** Branches that were folded stay so at the next visit; on paper all are open. */

import { all, branch, discussion, find, parentOf } from "./comments.js";
import { keep, recall } from "./kept.js";

const NAME = "folded";
/** Of one article; those that were folded first unfold again. */
const MOST = 200;

/** @type {Set<string>} */
let folded = new Set();
let isPrinting = false;

export function startFolds() {
  folded = new Set(recall(NAME)?.ids ?? []);
  for (const comment of all()) refold(comment);
  unfoldTarget();
  addEventListener("hashchange", unfoldTarget);
  discussion?.addEventListener("comment-shown", ({ target }) => refold(/** @type {HTMLElement} */ (target)));
  discussion?.addEventListener("toggle", ({ target }) => note(/** @type {Element} */ (target)), { capture: true });
  addEventListener("beforeprint", openAll);
  addEventListener("afterprint", foldAgain);
}

/** @param {HTMLElement} comment */
function refold(comment) {
  const details = branch(comment);
  if (details && folded.has(comment.dataset.comment ?? "")) details.open = false;
}

/** What the address names is shown, whatever is folded above it. */
function unfoldTarget() {
  const [, id] = /^#comment-(\d+)$/.exec(location.hash) ?? [];
  const target = find(id);
  if (!target) return;
  for (let above = parentOf(target); above; above = parentOf(above)) branch(above)?.setAttribute("open", "");
}

/** @param {Element} details */
function note(details) {
  const id = details.closest("[data-comment]")?.getAttribute("data-comment");
  if (!id || isPrinting || !(details instanceof HTMLDetailsElement) || !details.matches("[data-replies]")) return;
  if (folded.has(id) !== details.open) return;
  if (details.open) folded.delete(id);
  else folded.add(id);
  folded = new Set([...folded].slice(-MOST));
  keep(NAME, folded.size ? { ids: [...folded] } : null);
}

function openAll() {
  isPrinting = true;
  for (const comment of all()) branch(comment)?.setAttribute("open", "");
}

function foldAgain() {
  for (const comment of all()) refold(comment);
  setTimeout(() => (isPrinting = false));
}
