// @ts-check
/** Keys that do something on a page, never while somebody types; and the sheet that lists them, by "?". */

import { element } from "./html.js";
import { say } from "./words.js";

const OFF = "keys:off";

/**
 * By key: the name of the sentence that tells what it does, and that.
 * @typedef {{[key: string]: [word: string, action: () => void]}} Keys
 */

/**
 * Lets these keys work, and "?" list them.
 * @param {Keys} keys
 * @param {Element} place  where the sheet is put
 * @returns {() => void}  shows the sheet
 */
export function listen(keys, place) {
  /** @type {Keys} */
  const all = { ...keys, "?": ["keysAsk", () => sheet(all, place).showModal()] };
  const show = all["?"][1];
  document.addEventListener("keydown", (event) => {
    const target = event.target instanceof HTMLElement ? event.target : document.body;
    const isTyping = target.isContentEditable || target.matches("input, textarea, select") || target.closest("dialog");
    const [, action] = all[event.key] ?? [];
    if (!action || isTyping || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (isOff() && event.key !== "?") return;
    event.preventDefault();
    action();
  });
  return show;
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

/** The list of keys, where they can be switched off too. @param {Keys} keys @param {Element} place @returns {HTMLDialogElement} */
function sheet(keys, place) {
  const known = document.querySelector("dialog[data-keys]");
  if (known instanceof HTMLDialogElement) return known;
  const dialog = /** @type {HTMLDialogElement} */ (element("dialog", "keys"));
  dialog.dataset.keys = "";
  const title = element("h2", "", say("keysHelp"));
  title.id = "keys-title";
  dialog.setAttribute("aria-labelledby", title.id);
  const list = element("dl", "keys-list");
  for (const word of new Set(Object.values(keys).map(([word]) => word))) {
    const term = element("dt", "");
    const same = Object.keys(keys).filter((key) => keys[key]?.[0] === word);
    term.append(...same.flatMap((key) => [element("kbd", "", key), " "]));
    list.append(term, element("dd", "", say(word)));
  }
  dialog.append(title, list, switchOff(), closeButton());
  return place.appendChild(dialog);
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
