// @ts-check
/**
 * To the next new comment, in the order in which the reader reads: over what is on the page, then into the replies and
 * comments that are further down and hold new ones, a few at a time.
 */

import { articlePath, branchOnly, current, discussion, find, goTo } from "./comments.js";
import { chosenOnly } from "./chosen.js";
import { element } from "./html.js";
import { open } from "./more.js";
import { hold } from "./position.js";
import { hasNews, hasSeen, noteSeenTo, seenSince } from "./reading.js";
import { ask } from "./request.js";
import { markSeen, news } from "./seen.js";
import { isWaiting, showAll, tally, waitingUnder } from "./waiting.js";
import { handle } from "./viewer.js";
import { say } from "./words.js";

/** Windows that one press fetches at most. */
const MOST_WINDOWS = 4;
/** Of what is new, parts that are asked for at once. */
const MOST_PARTS = 10;
/** A press that has not led anywhere after so many milliseconds says so. */
const LATE_AFTER = 300;
const MORE = "[data-more-replies]:not([hidden]), [data-more-comments]";

/** New comments that are not on the page, each with its branch. @type {Map<number, number>} */
const hidden = new Map();
/** There are more of them than we were told. */
let isMore = false;
let isLooking = false;
/** @type {Promise<void> | undefined} */
let started;

const line = /** @type {HTMLElement | null} */ (document.querySelector("[data-place-line]"));
const buttons = [nextButton("next-new"), nextButton("pill")];

/** Puts the buttons up, and asks what there is. @returns {Promise<void>} */
export function startNext() {
  started ??= start();
  return started;
}

async function start() {
  if (!discussion) return;
  buttons[1].dataset.nextPill = "";
  line?.append(buttons[0]);
  discussion.append(buttons[1]);
  for (const event of ["comment-shown", "comment-seen", "comment-gone", "place-changed", "waiting-changed"]) {
    discussion.addEventListener(event, renderSoon);
  }
  discussion.addEventListener("comment-elsewhere", (event) => noteElsewhere(/** @type {CustomEvent} */ (event).detail));
  for (const event of ["focusin", "focusout"]) document.addEventListener(event, renderSoon);
  addEventListener("scroll", renderSoon, { passive: true });
  render();
  await askWhatIsNew();
}

/** @param {string} className */
function nextButton(className) {
  const button = /** @type {HTMLButtonElement} */ (element("button", className));
  button.type = "button";
  button.hidden = true;
  button.dataset.nextNew = "";
  button.addEventListener("click", goToNew);
  return button;
}

/** What came between the last visit and this page; it is told in parts, and of some of them all has been seen. */
async function askWhatIsNew() {
  const isPart = !branchOnly && !chosenOnly && document.querySelector(MORE);
  for (let parts = 0; isPart && hasNews() && parts < MOST_PARTS; parts += 1) {
    const { status, data } = await ask(`${articlePath()}/new?after=${seenSince()}`);
    if (status !== 200) return;
    for (const [id, root] of data.new) hidden.set(id, root);
    isMore = data.more;
    if (!data.new.every((/** @type {[number, number]} */ [id]) => hasSeen(id))) break;
    noteSeenTo(data.to);
  }
  render();
}

/**
 * A comment has come that belongs where this page does not reach.
 * @param {{item: import("./comments.js").Item, comment: HTMLElement}} detail
 */
function noteElsewhere({ item, comment }) {
  const isOwn = handle() !== undefined && comment.dataset.author === handle();
  if (isOwn || item.state !== "visible" || item.version <= seenSince() || hasSeen(item.id)) return;
  hidden.set(item.id, item.root);
  renderSoon();
}

/** The new comments that are not on the page but can be fetched, by their branches. */
function hiddenRoots() {
  const hasNext = document.querySelector("[data-more-comments]") !== null;
  const roots = [];
  for (const [id, root] of hidden) {
    if (find(id) || hasSeen(id)) hidden.delete(id);
    else if (!isWaiting(id) && (find(root) ? moreOf(root) : hasNext)) roots.push(root);
  }
  return roots;
}

/** @param {number} root */
function moreOf(root) {
  return find(root)?.querySelector(":scope > [data-replies] > [data-more-replies]:not([hidden])") ?? null;
}

/** To the next new comment after this one, else to the first of all; where none is left, to what waits. */
export async function goToNew() {
  if (isLooking) return;
  isLooking = true;
  forgetNotes();
  const from = current();
  const late = setTimeout(() => note(from, say("loading"), { kind: "loading" }), LATE_AFTER);
  try {
    await look(from, startNext());
  } finally {
    clearTimeout(late);
    forgetNotes("=loading");
    isLooking = false;
    render();
  }
}

/** @param {HTMLElement | undefined} from @param {Promise<void>} asked  what there is that is not on the page */
async function look(from, asked) {
  if (from?.classList.contains("is-new")) markSeen(from);
  if (isMore && !news().length && !hiddenRoots().length) await askWhatIsNew();
  for (let windows = 0; windows <= MOST_WINDOWS; windows += 1) {
    const found = following(from) ?? (await asked, following(from));
    if (!found) return void (tally(waitingUnder()) ? showAll() : note(from, say("noneNew"), { kind: "none" }));
    if (found.matches("[data-comment]")) return goTo(found);
    if (windows === MOST_WINDOWS) return note(from, say("furtherNew"), { id: [...hidden.keys()].find((id) => !find(id)) });
    if (!(await open(found, false))) return note(from, say("notLoaded"));
  }
}

/** The next new comment, or the link behind which it is. @param {HTMLElement | undefined} from @returns {HTMLElement | undefined} */
function following(from) {
  const roots = new Set(hiddenRoots());
  const [places, comments] = [new Set([...roots].map(moreOf)), new Set(news())];
  const goesOn = isMore || [...roots].some((root) => !find(root));
  const found = [...document.querySelectorAll(`[data-comment], ${MORE}`)].filter((one) => one instanceof HTMLElement).filter(
    (one) => one !== from && (comments.has(one) || places.has(one) || (goesOn && one.matches("[data-more-comments]"))),
  );
  return found.find((one) => from && from.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING) ?? found[0];
}

/**
 * Says something in the row of the comment that one is at, else at the head of the discussion.
 * @param {HTMLElement | undefined} from
 * @param {string} words
 * @param {{id?: number, kind?: "" | "none" | "loading"}} [about]  a comment to be shown on its own page; until when it holds
 */
function note(from, words, { id, kind = "" } = {}) {
  const said = element("span", "next-note", words);
  said.setAttribute("role", "status");
  said.dataset.nextNote = kind;
  if (id) {
    const link = element("a", "", say("showNew"));
    link.setAttribute("href", `/comments/${id}`);
    said.append(" ", link);
  }
  const row = from?.querySelector(":scope > [data-actions]") ?? line;
  hold(() => {
    row?.append(said);
    if (row === line && line) line.hidden = false;
  });
}

/** @param {string} [kind]  these alone, as "=none" */
function forgetNotes(kind = "") {
  const notes = [...document.querySelectorAll(`[data-next-note${kind}]`)];
  if (notes.length) hold(() => notes.forEach((one) => one.remove()));
}

let isRendering = false;

function renderSoon() {
  if (isRendering) return;
  isRendering = true;
  requestAnimationFrame(() => {
    isRendering = false;
    render();
  });
}

/** Brings the buttons up to date: at the head, and, once that is above the window, at the window's edge. */
function render() {
  const count = news().length + hiddenRoots().length;
  const text = say("nextNew", { n: count }) + (isMore ? "+" : "");
  if (count || tally(waitingUnder())) forgetNotes("=none");
  const isWriting = document.activeElement?.matches("textarea, select, input:not([type=checkbox])") ?? false;
  const others = [...document.querySelectorAll("[data-pill]")].some((pill) => pill instanceof HTMLElement && !pill.hidden);
  const isBelow = (discussion?.querySelector(".discussion-head")?.getBoundingClientRect().bottom ?? 0) < 0;
  const shown = [count > 0, count > 0 && isBelow && !isWriting && !others];
  if (buttons.every((button, index) => button.hidden !== shown[index] && (button.hidden || button.textContent === text))) return;
  hold(() => {
    buttons.forEach((button, index) => {
      button.hidden = !shown[index];
      if (count) button.textContent = text;
    });
    showLine();
  });
}

/** The line stands while something is in it. */
function showLine() {
  if (line) line.hidden = ![...line.children].some((child) => child instanceof HTMLElement && !child.hidden);
}
