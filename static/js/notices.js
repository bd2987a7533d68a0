// @ts-check
/** Above a draft: what has happened to the comment that it answers since it was begun. */

import { article, discussion, find } from "./comments.js";
import { element } from "./html.js";
import { hold } from "./position.js";
import { openBranch, tally, waitingUnder } from "./waiting.js";
import { say } from "./words.js";

/** @typedef {"parent" | "own" | "replies"} Kind */
/** @typedef {{words: string, show?: () => void}} Notice */

/** The most important first. @type {Kind[]} */
const KINDS = ["parent", "own", "replies"];

/** @type {WeakMap<Element, {[kind in Kind]?: Notice}>} */
const said = new WeakMap();
/** The composers that do not say all of it, for want of room. @type {Set<Element>} */
const shortened = new Set();

export function startNotices() {
  document.addEventListener("settled", () => [...shortened].forEach(render));
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
 * @param {Kind} kind
 * @param {string} words
 * @param {() => void} [show]  what "Show" does
 */
function set(form, kind, words, show) {
  const notices = said.get(form) ?? {};
  if ((notices[kind]?.words ?? "") === words) return;
  if (words) notices[kind] = { words, show };
  else delete notices[kind];
  said.set(form, notices);
  render(form);
}

/** Says all of it; where that would move the field or what is read, only the most important. @param {Element} form */
function render(form) {
  const notices = said.get(form) ?? {};
  const parts = KINDS.flatMap((kind) => notices[kind] ?? []);
  shortened.delete(form);
  if (put(form, parts)) return;
  put(form, parts.slice(0, 1));
  if (form.isConnected) shortened.add(form);
}

/**
 * Notices stand in place of the writer's name, so that the field does not move.
 * @param {Element} form
 * @param {Notice[]} parts
 * @returns {boolean} false where that would move something all the same
 */
function put(form, parts) {
  const place = form.querySelector("[data-notices]");
  const name = form.querySelector("[data-name]");
  if (!(place instanceof HTMLElement) || !(name instanceof HTMLElement)) return true;
  const before = [...place.children];
  const isTaken = name.hidden;
  return hold(() => {
    place.replaceChildren(...(parts.length ? [line(parts)] : []));
    name.hidden = parts.length > 0;
  }, {
    undo: () => {
      place.replaceChildren(...before);
      name.hidden = isTaken;
    },
  });
}

/** @param {Notice[]} parts */
function line(parts) {
  const made = element("p", "");
  made.style.marginBlockStart = "0";
  for (const { words, show } of parts) {
    made.append(words, " ");
    if (!show) continue;
    const button = /** @type {HTMLButtonElement} */ (element("button", "", say("show")));
    button.type = "button";
    button.addEventListener("click", show);
    made.append(button, " ");
  }
  return made;
}
