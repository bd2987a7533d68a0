// @ts-check
/** Writing and posting: the draft is kept at every step, the text stays until it is stored, and it is stored once. */

import { article, discussion, find, focusable, goTo } from "./comments.js";
import { receive } from "./arrivals.js";
import { draftFor, forgetDraft, keepDraft, newKey } from "./drafts.js";
import { element } from "./html.js";
import { notify } from "./notices.js";
import { hold, onScreen, pin } from "./position.js";
import { post } from "./request.js";
import { acknowledgedIn, forgetWarnings, showWarnings } from "./warnings.js";
import { say } from "./words.js";

const MOST_CHARACTERS = 10_000;
const COUNT_FROM = 9_000;
const KEEP_AFTER = 300;
/** Pauses before a lost answer is asked for again, with the same key. */
const RETRIES = [1000, 2000, 4000];

/** @param {Element} form */
export const fieldOf = (form) => /** @type {HTMLTextAreaElement} */ (form.querySelector("[data-body]"));
/** @param {Element} form */
export const postButton = (form) => /** @type {HTMLButtonElement} */ (form.querySelector("[data-post]"));
/** @param {Element} form @param {string} name */
export const hidden = (form, name) => /** @type {HTMLInputElement} */ (form.querySelector(`input[name="${name}"]`));

/** The composers that are open. @returns {HTMLFormElement[]} */
export function composers() {
  return [...document.querySelectorAll("form[data-composer]")].filter((form) => form instanceof HTMLFormElement);
}

export function startComposers() {
  for (const form of composers()) enhance(form);
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const isPosting = !event.submitter || event.submitter.matches("[data-post], [data-post-anyway]");
    if (!(form instanceof HTMLFormElement) || !form.matches("[data-composer]") || !isPosting) return;
    event.preventDefault();
    send(form, !event.submitter?.matches("[data-post-anyway]"));
  });
  addEventListener("pagehide", () => composers().forEach(keep));
}

/**
 * Fills in a kept draft and keeps it from then on.
 * @param {HTMLFormElement} form
 */
export function enhance(form) {
  const field = fieldOf(form);
  const draft = draftFor(hidden(form, "parent").value);
  if (draft && (!field.value || field.value === draft.body)) {
    field.value = draft.body;
    hidden(form, "key").value = draft.key;
    setDraftState(form, say("draftKept"));
  } else {
    hidden(form, "key").value ||= newKey();
  }
  count(form);
  let timer = 0;
  field.addEventListener("input", () => {
    count(form);
    clearTimeout(timer);
    timer = setTimeout(() => keep(form), KEEP_AFTER);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit(postButton(form));
  });
}

/**
 * Keeps the draft and says so.
 * @param {HTMLFormElement} form
 */
export function keep(form) {
  if (!form.isConnected || form.dataset.stored) return;
  const body = fieldOf(form).value;
  const isKept = keepDraft(hidden(form, "parent").value, body, hidden(form, "key").value);
  setDraftState(form, isKept && body.trim() ? say("draftKept") : "");
}

/** @param {HTMLFormElement} form @param {string} words  "" for what the server had put there */
function setDraftState(form, words) {
  const state = form.querySelector("[data-draft-state]");
  if (!(state instanceof HTMLElement)) return;
  state.dataset.initially ??= state.textContent ?? "";
  state.textContent = words || state.dataset.initially;
}

/** @param {HTMLFormElement} form */
function count(form) {
  const length = [...fieldOf(form).value.normalize("NFC")].length;
  const figure = form.querySelector("[data-length]");
  if (!(figure instanceof HTMLElement)) return;
  figure.hidden = length < COUNT_FROM;
  figure.textContent = say("length", { n: length, most: MOST_CHARACTERS });
  const isOver = length > MOST_CHARACTERS;
  figure.classList.toggle("is-over", isOver);
  const tooLong = say("tooLong", { most: MOST_CHARACTERS });
  if (!isOver && form.querySelector("[data-error]")?.textContent === tooLong) showError(form, "");
}

/** @param {HTMLFormElement} form @param {boolean} asks  whether to be told first, where it would be held */
async function send(form, asks) {
  if (form.ariaBusy === "true") return;
  if (form.querySelector("[data-length].is-over")) return showError(form, say("tooLong", { most: MOST_CHARACTERS }));
  keep(form);
  const label = setBusy(form, say("posting"));
  showError(form, "");
  const { status, data, message } = await deliver(form, asks);
  setBusy(form, label);
  showNudge(form, data?.error?.code === "would_be_held" ? message : "");
  if (data?.error?.code === "warned") showWarnings(data.error.warnings);
  if (status === 201 || status === 200) stored(form, data);
  else if (data?.error?.code !== "would_be_held") showError(form, errorFor(status, message, form), status === 401);
}

/** Sends until an answer comes: the key makes it one comment. @param {HTMLFormElement} form @param {boolean} asks */
async function deliver(form, asks) {
  const [parent, key] = [hidden(form, "parent").value, hidden(form, "key").value];
  const acknowledged = acknowledgedIn(form);
  const fields = { body: fieldOf(form).value, parent, key, ask: asks ? "1" : "", acknowledged };
  let answer = await post(form.action, fields);
  for (const pause of RETRIES) {
    if (![0, 502, 504].includes(answer.status) || !navigator.onLine) break;
    await new Promise((done) => setTimeout(done, pause));
    answer = await post(form.action, fields);
  }
  return answer;
}

/**
 * While the button says something, nothing can be changed or sent again.
 * @param {HTMLFormElement} form
 * @param {string} label
 * @returns {string} what the button said before
 */
function setBusy(form, label) {
  const button = postButton(form);
  const before = button.textContent ?? "";
  const isBusy = form.ariaBusy !== "true";
  form.ariaBusy = isBusy ? "true" : null;
  button.ariaDisabled = isBusy ? "true" : null;
  button.textContent = label;
  fieldOf(form).readOnly = isBusy;
  return before;
}

/** @param {number} status @param {string} message @param {HTMLFormElement} form */
function errorFor(status, message, form) {
  if (status === 0) return say(navigator.onLine ? "noAnswer" : "offlineDraft");
  if (status === 401) return say("signedOut");
  if (status === 409) {
    hidden(form, "key").value = newKey();
    return say("edited");
  }
  return message || say(status === 503 ? "busy" : "failed");
}

/**
 * Says inside the composer what went wrong and what to do; "" takes it back.
 * @param {HTMLFormElement} form
 * @param {string} words
 * @param {boolean} [offersSignIn]
 */
export function showError(form, words, offersSignIn = false) {
  const error = form.querySelector("[data-error]");
  if (!(error instanceof HTMLElement)) return;
  hold(() => {
    error.hidden = !words;
    error.textContent = words;
    if (!offersSignIn) return;
    const link = element("a", "", say("signIn"));
    link.setAttribute("href", `/sign-in?next=${encodeURIComponent(`${location.pathname}${location.search}#discussion`)}`);
    error.append(" ", link);
  });
  fieldOf(form).ariaInvalid = words ? "true" : null;
}

/**
 * Says why a text would be held, with a button that posts it all the same; "" takes it back.
 * @param {HTMLFormElement} form
 * @param {string} words
 */
function showNudge(form, words) {
  const nudge = /** @type {HTMLElement} */ (form.querySelector("[data-nudge]"));
  if (nudge.hidden === !words && nudge.querySelector("[data-nudge-words]")?.textContent === words) return;
  hold(() => {
    nudge.hidden = !words;
    nudge.querySelector("[data-nudge-words]")?.replaceChildren(words);
  });
}

/** @param {HTMLFormElement} form @param {any} data  the stored comment, as a state */
function stored(form, data) {
  const { value: parent } = hidden(form, "parent");
  forgetDraft(parent);
  forgetWarnings();
  if (!discussion) {
    location.assign(`/comments/${data.id}`);
    return;
  }
  const answered = parent === "" ? null : form.closest("[data-comment]");
  if (answered) pin(answered);
  hold(() => {
    if (answered) removeComposer(form);
    else empty(form);
    receive([data], data.version);
  });
  const comment = find(data.id);
  if (answered && comment) goOn(comment);
  else if (!comment || !onScreen(article(comment))) notify(form, say("posted"), () => showComment(data.id));
}

/** @param {HTMLFormElement} form */
function empty(form) {
  fieldOf(form).value = "";
  hidden(form, "key").value = newKey();
  form.querySelector("[data-preview-of]")?.remove();
  setDraftState(form, "");
  count(form);
  fieldOf(form).dispatchEvent(new Event("input", { bubbles: true }));
}

/** @param {HTMLElement} comment */
function goOn(comment) {
  if (onScreen(article(comment))) focusable(comment).focus({ preventScroll: true });
  else goTo(comment);
}

/** @param {number} id */
function showComment(id) {
  const comment = find(id);
  if (comment) goTo(comment);
  else location.assign(`/comments/${id}`);
}

/**
 * Takes a composer away; its draft stays kept unless it was stored.
 * @param {HTMLFormElement} form
 */
export function removeComposer(form) {
  form.dataset.stored = "true";
  const standIn = form.closest(".comment-stand-in");
  hold(() => (standIn ?? form).remove());
}
