// @ts-check
/** What stands where one writes: it changes when the discussion closes or opens, and when its writer may not write any more. */

import { isInClosedBranch } from "./closing.js";
import { composers, enhance, fieldOf, keep, postButton, removeComposer, showError } from "./composer.js";
import { discussion } from "./comments.js";
import { element, fetchPage } from "./html.js";
import { hold } from "./position.js";
import { becomeGuest } from "./viewer.js";
import { say } from "./words.js";

/** Every open page asks within this time, not all at once. */
const ASK_WITHIN = 3000;

const place = /** @type {HTMLElement | null} */ (discussion?.querySelector("[data-composer-place]") ?? null);

export function startPlace() {
  discussion?.addEventListener("state-changed", (event) => {
    const { closed } = /** @type {CustomEvent} */ (event).detail;
    if (discussion?.dataset.state === "open") open();
    else close(closed || say("closed"));
  });
}

/**
 * The sentence in the composer's place. An empty composer is put by until it opens again, a begun one stays.
 * @param {string} words  "" where it is said elsewhere
 */
export function close(words) {
  const said = place?.querySelector("[data-closed]");
  if (said && words) hold(() => (said.textContent = words));
  if (!place || said) return;
  hold(() => {
    for (const child of place.children) {
      if (child instanceof HTMLElement) child.hidden = !(child.matches("form") && fieldOf(child).value.trim());
    }
    const line = element("p", "closed", words);
    line.dataset.closed = "";
    line.hidden = !words;
    place.prepend(line);
    place.dataset.closedPlace = "";
    for (const form of composers()) {
      keep(form);
      showError(form, say("closedDraft"));
      postButton(form).disabled = true;
    }
  });
}

function open() {
  if (!place) return;
  hold(() => {
    place.querySelectorAll("[data-closed]").forEach((line) => line.remove());
    delete place.dataset.closedPlace;
    for (const child of place.children) if (child instanceof HTMLElement) child.hidden = false;
    for (const form of composers()) {
      const isClosed = isInClosedBranch(form);
      showError(form, isClosed ? say("branchClosedDraft") : "");
      postButton(form).disabled = isClosed;
    }
  });
  if (!place.children.length) setTimeout(fetchPlace, Math.random() * ASK_WITHIN);
}

/** The page was loaded closed, so what belongs here was never on it. */
async function fetchPlace() {
  const page = await fetchPage(discussion?.dataset.url ?? "").catch(() => null);
  const fetched = page?.querySelector("[data-composer-place]");
  if (!fetched || !place || place.children.length) return;
  hold(() => place.append(...document.importNode(fetched, true).children));
  for (const form of composers()) if (place.contains(form)) enhance(form);
}

/**
 * A ban: the sentence instead of every composer. The drafts stay kept.
 * @param {string} message
 */
export function ban(message) {
  becomeGuest();
  hold(() => {
    for (const form of composers()) {
      keep(form);
      removeComposer(form);
    }
    place?.replaceChildren(element("p", "closed", message));
    if (place) place.dataset.closedPlace = "";
  });
}

/** Signed out elsewhere: the text stays, with the way back in. */
export function signOut() {
  becomeGuest();
  for (const form of composers()) {
    keep(form);
    showError(form, say("signedOut"), true);
  }
}
