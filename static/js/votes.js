// @ts-check
/** What the viewer recommends, and the scores that the server samples. */

import { all, discussion, find } from "./comments.js";

/** The comments that this viewer recommends. */
const chosen = new Set((document.querySelector("[data-votes]")?.getAttribute("data-votes") ?? "").split(" "));
/** Sampled scores, also of comments that are not on the page yet. @type {Map<string, number>} */
const scores = new Map();

export function startVotes() {
  for (const comment of all()) show(comment);
  discussion?.addEventListener("comment-shown", ({ target }) => show(/** @type {HTMLElement} */ (target)));
}

/**
 * Notes whether the viewer recommends a comment.
 * @param {string} id
 * @param {boolean} isChosen
 */
export function choose(id, isChosen) {
  if (isChosen) chosen.add(id);
  else chosen.delete(id);
}

/**
 * Scores by comment, as sampled by the server.
 * @param {{[id: string]: number}} sampled
 */
export function setScores(sampled) {
  for (const [id, score] of Object.entries(sampled)) {
    scores.set(id, score);
    const comment = find(id);
    if (comment) show(comment);
  }
}

/** @param {HTMLElement} comment */
function show(comment) {
  const button = comment.querySelector(":scope > [data-actions] [data-vote] button");
  if (!(button instanceof HTMLButtonElement)) return;
  const { comment: id = "" } = comment.dataset;
  const isChosen = chosen.has(id);
  button.ariaPressed = String(isChosen);
  button.value = isChosen ? "0" : "1";
  const score = button.querySelector("[data-score]");
  if (score && scores.has(id)) score.textContent = String(scores.get(id));
}
