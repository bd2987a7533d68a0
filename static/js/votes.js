// @ts-check
/** Recommending a comment in place, and the scores that the server samples. */

import { all, discussion, find } from "./comments.js";
import { element } from "./html.js";
import { hold } from "./position.js";
import { post } from "./request.js";
import { handle } from "./viewer.js";
import { say } from "./words.js";

/** The comments that this viewer recommends. */
const chosen = new Set((document.querySelector("[data-votes]")?.getAttribute("data-votes") ?? "").split(" "));
/** Sampled scores, also of comments that are not on the page yet. @type {Map<string, number>} */
const scores = new Map();

export function startVotes() {
  for (const comment of all()) show(comment);
  discussion?.addEventListener("comment-shown", ({ target }) => show(/** @type {HTMLElement} */ (target)));
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.matches("[data-vote]") || handle() === undefined) return;
    event.preventDefault();
    vote(form);
  });
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

/** @param {HTMLFormElement} form */
async function vote(form) {
  const comment = /** @type {HTMLElement} */ (form.closest("[data-comment]"));
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("button"));
  const { comment: id = "" } = comment.dataset;
  if (form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  const { status, data, message } = await post(form.action, { value: button.value });
  form.ariaBusy = null;
  form.parentElement?.querySelector(":scope > .action-error")?.remove();
  if (status === 200) {
    if (data.value) chosen.add(id);
    else chosen.delete(id);
    setScores({ [id]: data.score });
    return;
  }
  const error = element("span", "action-error", message || say("notVoted"));
  error.setAttribute("role", "alert");
  hold(() => form.parentElement?.append(error));
}
