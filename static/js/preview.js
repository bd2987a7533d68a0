// @ts-check
/** How a text will look, rendered by the server, above the field it is written in. */

import { fieldOf, showError } from "./composer.js";
import { element, fragment } from "./html.js";
import { hold } from "./position.js";
import { post } from "./request.js";
import { say } from "./words.js";

export function startPreview() {
  document.addEventListener("submit", (event) => {
    const { target: form, submitter } = event;
    if (!(form instanceof HTMLFormElement) || !(submitter instanceof HTMLButtonElement)) return;
    if (!form.matches("[data-composer]") || !submitter.matches("[data-preview]")) return;
    event.preventDefault();
    const open = form.querySelector("[data-preview-of]");
    if (open) close(form);
    else preview(form, submitter);
  });
  document.addEventListener("input", ({ target }) => {
    const form = target instanceof HTMLTextAreaElement ? target.form : null;
    if (form?.querySelector("[data-preview-of]")) close(form);
  });
}

/** @param {HTMLFormElement} form @param {HTMLButtonElement} button */
async function preview(form, button) {
  const { status, data, message } = await post(button.formAction, { body: fieldOf(form).value });
  if (status !== 200) return showError(form, message || say("notLoaded"));
  showError(form, "");
  const place = element("div", "preview");
  const body = element("div", "comment-body");
  place.dataset.previewOf = "";
  body.dir = "auto";
  body.append(fragment(data.html));
  place.append(element("p", "preview-title", say("preview")), body);
  hold(() => {
    close(form);
    fieldOf(form).before(place);
    button.textContent = say("previewClose");
  });
}

/** @param {HTMLFormElement} form */
function close(form) {
  const button = form.querySelector("[data-preview]");
  hold(() => {
    form.querySelector("[data-preview-of]")?.remove();
    if (button) button.textContent = say("preview");
  });
}
