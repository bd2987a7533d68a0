// @ts-check
/** Reading with the keyboard alone: from comment to comment, to what is new, to a reply. Never while somebody types. */

import { all, article, branch, discussion, goTo, parentOf } from "./comments.js";
import { fold } from "./branches.js";
import { element } from "./html.js";
import { markSeen, news } from "./seen.js";
import { showAll, tally, waitingUnder } from "./waiting.js";
import { say } from "./words.js";

const OFF = "keys:off";

/** @type {{[key: string]: [word: string, action: () => void]}} */
const KEYS = {
  j: ["keysNext", () => step(1)],
  k: ["keysPrevious", () => step(-1)],
  p: ["keysParent", toParent],
  n: ["keysNew", toNew],
  r: ["keysReply", reply],
  c: ["keysCollapse", collapse],
  "?": ["keysAsk", () => help().showModal()],
};

export function startKeys() {
  document.addEventListener("keydown", (event) => {
    const target = event.target instanceof HTMLElement ? event.target : document.body;
    const isTyping = target.isContentEditable || target.matches("input, textarea, select") || target.closest("dialog");
    const [, action] = KEYS[event.key] ?? [];
    if (!action || isTyping || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (isOff() && event.key !== "?") return;
    event.preventDefault();
    action();
  });
}

/** The comments that are not folded away. */
function readable() {
  return all().filter((comment) => comment.checkVisibility());
}

/** The comment that has the focus, else the one at the top of the window. */
function current() {
  const focused = document.activeElement?.closest("[data-comment]");
  if (focused instanceof HTMLElement) return focused;
  return readable().findLast((comment) => article(comment).getBoundingClientRect().top <= 40);
}

/** @param {number} by */
function step(by) {
  const comments = readable();
  const from = current();
  const next = comments[from ? comments.indexOf(from) + by : 0];
  if (next) goTo(next);
}

function toParent() {
  const comment = current();
  const parent = comment && parentOf(comment);
  if (parent) goTo(parent);
}

/** To the next new comment after this one, else the first; where none is shown, to what waits. */
function toNew() {
  const from = current();
  const others = news().filter((comment) => comment !== from);
  if (from?.classList.contains("is-new")) markSeen(from);
  const after = others.find((comment) => from && from.compareDocumentPosition(comment) & Node.DOCUMENT_POSITION_FOLLOWING);
  const next = after ?? others[0];
  if (next) goTo(next);
  else if (tally(waitingUnder())) showAll();
}

function reply() {
  const link = current()?.querySelector(":scope > [data-actions] [data-reply]");
  if (link instanceof HTMLElement && link.checkVisibility()) link.click();
}

/** Folds the comment's replies; on one that has none, those that it is among. */
function collapse() {
  const comment = current();
  const details = comment && branch(comment);
  const folded = details && !details.hidden ? comment : comment && parentOf(comment);
  if (!folded) return;
  fold(folded);
  goTo(folded);
}

function isOff() {
  try {
    return localStorage.getItem(OFF) !== null;
  } catch {
    return false;
  }
}

/** @param {boolean} isOn */
function remember(isOn) {
  try {
    if (isOn) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "");
  } catch {
    // A browser that keeps nothing leaves the keys on.
  }
}

/** The list of keys, where they can be switched off too. @returns {HTMLDialogElement} */
function help() {
  const known = document.querySelector("dialog[data-keys]");
  if (known instanceof HTMLDialogElement) return known;
  const dialog = /** @type {HTMLDialogElement} */ (element("dialog", "keys"));
  dialog.dataset.keys = "";
  const title = element("h2", "", say("keysHelp"));
  title.id = "keys-title";
  dialog.setAttribute("aria-labelledby", title.id);
  const list = element("dl", "keys-list");
  for (const [key, [word]] of Object.entries(KEYS)) {
    const term = element("dt", "");
    term.append(element("kbd", "", key));
    list.append(term, element("dd", "", say(word)));
  }
  dialog.append(title, list, switchOff(), closeButton());
  return (discussion ?? document.body).appendChild(dialog);
}

function switchOff() {
  const label = element("label", "keys-switch");
  const box = /** @type {HTMLInputElement} */ (element("input", ""));
  box.type = "checkbox";
  box.checked = !isOff();
  box.addEventListener("change", () => remember(box.checked));
  label.append(box, " ", say("keysOn"));
  return label;
}

function closeButton() {
  const form = /** @type {HTMLFormElement} */ (element("form", ""));
  form.method = "dialog";
  form.append(element("button", "button", say("close")));
  return form;
}
