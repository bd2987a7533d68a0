// @ts-check
/** The sheet that lists the keys of a page, and on which they are switched off. */

import { element } from "./html.js";
import { isOff, OFF } from "./keysheet.js";
import { say } from "./words.js";

/** @param {boolean} isOn */
function remember(isOn) {
  try {
    if (isOn) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "");
  } catch {
    // A browser that keeps nothing leaves the keys on.
  }
}

/** The list of keys, where they can be switched off too. @param {import("./keysheet.js").Keys} keys @param {Element} place @returns {HTMLDialogElement} */
export function sheet(keys, place) {
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
