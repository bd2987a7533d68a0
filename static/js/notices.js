// @ts-check
/** Above a draft: what has happened to the comment that it answers since it was begun. */

import { article, discussion, find } from "./comments.js";
import { element } from "./html.js";
import { hold } from "./position.js";
import { openBranch, tally, waitingUnder } from "./waiting.js";
import { say } from "./words.js";

export function startNotices() {
  discussion?.addEventListener("waiting-changed", renderNotices);
  discussion?.addEventListener("comment-shown", (event) => {
    const { target, detail } = /** @type {CustomEvent} */ (event);
    if (detail?.before && target instanceof HTMLElement) changed(target, detail.before);
  });
  discussion?.addEventListener("comment-gone", (event) => {
    for (const form of /** @type {CustomEvent} */ (event).detail.composers) {
      set(form, "parent", say("answeredGone"));
      form.querySelector("[data-post]").disabled = true;
    }
  });
}

/** Says of each open composer how many other replies have come to the comment that it answers. */
export function renderNotices() {
  for (const form of document.querySelectorAll("form[data-composer]")) {
    const parent = find(parentOf(form));
    if (!parent) continue;
    const id = Number(parent.dataset.comment);
    const count = tally(waitingUnder(id).filter((item) => item.parent === id));
    set(form, "replies", count ? say("otherReplies", { n: count }) : "", () => openBranch(parent));
  }
}

/** @param {HTMLElement} comment @param {HTMLElement} before  its article until now */
function changed(comment, before) {
  const { comment: id, state } = comment.dataset;
  const words = { removed: say("answeredRemoved"), deleted: say("answeredDeleted") }[state ?? ""] ?? edited(comment, before);
  for (const form of document.querySelectorAll("form[data-composer]")) {
    if (parentOf(form) === id && words !== null) set(form, "parent", words);
  }
}

/**
 * What to say of a comment whose article was swapped; null where its text is the same, "" where it is back.
 * @param {HTMLElement} comment
 * @param {HTMLElement} before
 */
function edited(comment, before) {
  const [old, now] = [before, article(comment)].map((one) => one.querySelector(".comment-body")?.textContent);
  if (old === undefined) return "";
  return old === now ? null : say("answeredEdited");
}

/** @param {Element} form */
function parentOf(form) {
  return form.querySelector('input[name="parent"]')?.getAttribute("value") || undefined;
}

/**
 * Says something once above the draft.
 * @param {Element} form
 * @param {string} words
 * @param {() => void} show
 */
export function notify(form, words, show) {
  set(form, "own", words, show);
  form.addEventListener("input", () => set(form, "own", ""), { once: true });
}

/**
 * The one notice of a kind; no words take it away.
 * @param {Element} form
 * @param {string} kind
 * @param {string} words
 * @param {() => void} [show]  what "Show" does
 */
function set(form, kind, words, show) {
  const place = form.querySelector("[data-notices]");
  const old = place?.querySelector(`[data-notice="${kind}"]`);
  if (!place || old?.getAttribute("data-words") === words || (!old && !words)) return;
  const notice = element("p", "", words);
  notice.dataset.notice = kind;
  notice.dataset.words = words;
  if (show) {
    const button = /** @type {HTMLButtonElement} */ (element("button", "", say("show")));
    button.type = "button";
    button.addEventListener("click", show);
    notice.append(" ", button);
  }
  hold(() => {
    old?.remove();
    if (words) place.append(notice);
  });
}
