// @ts-check
/** Fields that grow from 3 to 12 lines with their text, where the browser's CSS cannot do it. */

import { hold } from "./position.js";

const MOST_LINES = 12;

export function startGrowing() {
  for (const field of document.querySelectorAll("textarea[data-body]")) grow(/** @type {HTMLTextAreaElement} */ (field));
  for (const event of ["input", "focusin"]) {
    document.addEventListener(event, ({ target }) => {
      if (target instanceof HTMLTextAreaElement && target.matches("[data-body]")) grow(target);
    });
  }
}

/** @param {HTMLTextAreaElement} field */
function grow(field) {
  const { lineHeight, paddingBlockStart, paddingBlockEnd } = getComputedStyle(field);
  const padding = parseFloat(paddingBlockStart) + parseFloat(paddingBlockEnd);
  const most = MOST_LINES * parseFloat(lineHeight) + padding;
  hold(() => {
    const floor = field.parentElement;
    if (floor) floor.style.minBlockSize = `${floor.offsetHeight}px`;
    field.style.blockSize = "auto";
    field.style.blockSize = `${Math.min(field.scrollHeight, most)}px`;
    if (floor) floor.style.minBlockSize = "";
  });
}
