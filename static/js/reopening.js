// @ts-check
/** What had been opened of a discussion is opened again: first what is further down, then the replies of branches. */

import { discussion, find } from "./comments.js";
import { open } from "./more.js";

const MOST_PAGES = 20;

/** @param {import("./restoring.js").Left} left */
export async function reopen({ windows, branches }) {
  for (let opened = 0; opened < windows; opened += 1) if (!(await openNext())) break;
  for (const [root, to] of branches) await openBranch(root, to);
}

async function openNext() {
  const more = discussion?.querySelector("[data-more-comments]");
  return more instanceof HTMLElement && (await open(more, false));
}

/** @param {number} root @param {number} to */
async function openBranch(root, to) {
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const more = find(root)?.querySelector(":scope > [data-replies] > [data-more-replies]:not([hidden])");
    if (!(more instanceof HTMLElement) || Number(more.dataset.after) >= to || !(await open(more, false))) return;
  }
}
