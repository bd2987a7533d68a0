// @ts-check
/** Recommending a comment in place. Guests send the form, and come to the sign-in. */

import { element } from "./html.js";
import { hold } from "./position.js";
import { post } from "./request.js";
import { handle } from "./viewer.js";
import { choose, setScores } from "./votes.js";
import { say } from "./words.js";

export function startVoting() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.matches("[data-vote]") || handle() === undefined) return;
    event.preventDefault();
    vote(form);
  });
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
    choose(id, Boolean(data.value));
    setScores({ [id]: data.score });
    return;
  }
  const error = element("span", "action-error", message || say("notVoted"));
  error.setAttribute("role", "alert");
  hold(() => form.parentElement?.append(error));
}
