// @ts-check
/** Answering in place: a composer beneath the comment, made from the page's own. Guests follow the link. */

import { isInClosedBranch } from "./closing.js";
import { composers, enhance, fieldOf, hidden, keep, postButton, removeComposer } from "./composer.js";
import { discussion, find, focusable } from "./comments.js";
import { parentsWithDraft } from "./drafts.js";
import { element } from "./html.js";
import { renderNotices } from "./notices.js";
import { showPace } from "./pace.js";
import { chosenOnly } from "./chosen.js";
import { hold, pin } from "./position.js";
import { say } from "./words.js";

export function startReplies() {
  discussion?.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("[data-reply]") : null;
    const comment = link?.closest("[data-comment]");
    if (!(comment instanceof HTMLElement) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const form = openReply(comment);
    if (!form) return;
    event.preventDefault();
    fieldOf(form).focus();
  });
  document.addEventListener("keydown", (event) => {
    const form = event.target instanceof Element ? event.target.closest("form[data-reply-composer]") : null;
    if (event.key === "Escape" && !event.isComposing && form instanceof HTMLFormElement) close(form);
  });
  for (const parent of parentsWithDraft()) {
    const comment = find(parent);
    if (comment) openReply(comment);
  }
}

/**
 * Opens the composer beneath a comment, or finds the one that is open.
 * @param {HTMLElement} comment
 * @returns {HTMLFormElement | null} null where this viewer cannot write
 */
export function openReply(comment) {
  const open = comment.querySelector(":scope > [data-composer]");
  if (open instanceof HTMLFormElement) return open;
  const [original] = composers().filter((form) => form.closest("[data-composer-place]:not([data-closed-place])"));
  if (!original || !comment.dataset.comment || chosenOnly || isInClosedBranch(comment)) return null;
  if (hidden(original, "parent").value === comment.dataset.comment) return original;
  const form = blankCopy(original, comment.dataset.comment);
  pin(comment);
  hold(() => {
    comment.querySelector(":scope > [data-actions]")?.after(form);
    enhance(form);
    showPace(form);
    renderNotices();
  });
  return form;
}

/** @param {HTMLFormElement} original @param {string} parent */
function blankCopy(original, parent) {
  const form = /** @type {HTMLFormElement} */ (original.cloneNode(true));
  const field = fieldOf(form);
  form.id = `composer-${parent}`;
  form.dataset.replyComposer = "";
  form.ariaBusy = null;
  field.id = `body-${parent}`;
  field.value = "";
  field.readOnly = false;
  field.ariaInvalid = null;
  field.style.blockSize = "";
  hidden(form, "parent").value = parent;
  hidden(form, "key").value = "";
  const label = form.querySelector("label");
  if (label) label.htmlFor = field.id;
  if (label) label.textContent = say("yourReply");
  postButton(form).textContent = say("postReply");
  postButton(form).ariaDisabled = null;
  form.querySelector("[data-preview-of]")?.remove();
  form.querySelector("[data-notices]")?.replaceChildren();
  const nudge = /** @type {HTMLElement} */ (form.querySelector("[data-nudge]"));
  nudge.hidden = true;
  const error = /** @type {HTMLElement} */ (form.querySelector("[data-error]"));
  error.hidden = true;
  const state = /** @type {HTMLElement} */ (form.querySelector("[data-draft-state]"));
  state.textContent = state.dataset.initially ?? state.textContent;
  addClose(form);
  return form;
}

/** @param {HTMLFormElement} form */
function addClose(form) {
  const button = /** @type {HTMLButtonElement} */ (element("button", "button-quiet", say("close")));
  button.type = "button";
  button.dataset.close = "";
  button.addEventListener("click", () => close(form));
  form.querySelector("[data-preview]")?.before(button);
}

/** Closes a composer; its draft is kept. @param {HTMLFormElement} form */
function close(form) {
  if (form.ariaBusy === "true") return;
  const comment = form.closest("[data-comment]");
  keep(form);
  if (comment) pin(comment);
  removeComposer(form);
  const link = comment?.querySelector(":scope > [data-actions] [data-reply]");
  if (link instanceof HTMLElement && link.checkVisibility()) link.focus({ preventScroll: true });
  else if (comment) focusable(comment).focus({ preventScroll: true });
}
