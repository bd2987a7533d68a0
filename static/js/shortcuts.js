// @ts-check
/** The desk by keyboard alone. */

import { current, desk, neighbour, openItem, show } from "./cases.js";
import { undoLast } from "./decisions.js";
import { listen } from "./keysheet.js";

export function startShortcuts() {
  const show = listen(
    {
      a: ["deskApprove", () => press('[data-decision="a"] button')],
      r: ["deskRemove", () => focus("[data-reason]")],
      w: ["deskWarn", warn],
      b: ["deskBan", () => press("[data-ban]")],
      n: ["deskNext", () => step(1)],
      j: ["deskNext", () => step(1)],
      p: ["deskPrevious", () => step(-1)],
      k: ["deskPrevious", () => step(-1)],
      u: ["deskUndo", undoLast],
    },
    desk ?? document.body,
  );
  const button = desk?.querySelector("[data-keys-open]");
  if (!(button instanceof HTMLElement)) return;
  button.hidden = false;
  button.addEventListener("click", show);
}

/** @param {number} by */
function step(by) {
  const next = neighbour(current(), by);
  if (next) show(next);
}

function warn() {
  const details = openItem()?.querySelector("[data-warn]");
  if (!(details instanceof HTMLDetailsElement)) return;
  details.open = true;
  focus("[data-warn] textarea");
}

/** @param {string} selector */
function press(selector) {
  const button = desk?.querySelector(`.desk-columns ${selector}`);
  if (button instanceof HTMLElement) button.click();
}

/** @param {string} selector */
function focus(selector) {
  const field = openItem()?.querySelector(selector);
  if (field instanceof HTMLElement) field.focus();
}
