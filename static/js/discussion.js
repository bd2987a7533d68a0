// @ts-check
/**
 * The version that this page has reached, and the messages that take it on: each covers a range of versions, and the
 * ranges must join. A gap is asked for, never passed over.
 */

import { receive } from "./arrivals.js";
import { branchOnly, discussion } from "./comments.js";
import { countAll } from "./counts.js";
import { countPicks } from "./chosen.js";

const ASK_WITHIN = 200;
const ASK_AGAIN_AFTER = 2000;

/** Asks the server for all that came after a version; given by whoever has the connection. @type {(version: number) => void} */
let ask = () => {};
let askedAt = 0;
let reloading = false;

/** @param {(version: number) => void} since */
export function startDiscussion(since) {
  ask = since;
}

export function version() {
  return Number(discussion?.dataset.version);
}

/** The random id of the database's life: versions of another life mean nothing. */
export function epoch() {
  return discussion?.dataset.epoch ?? "";
}

/**
 * Takes in a message of the kinds "changes" and "heartbeat".
 * @param {any} message
 */
export function apply(message) {
  if (reloading) return;
  if (message.type === "heartbeat") {
    if (message.version > version()) askSoon();
  } else if (message.from > version()) {
    askSoon();
  } else if (message.to > version()) {
    receive(message.comments, message.to);
    setHead(message.discussion, message.to);
  }
}

/**
 * What is told of a discussion itself.
 * @typedef {object} Head
 * @property {string} state
 * @property {number} count
 * @property {string} [closed]  why it is closed, and since when
 * @property {string} [slow]    what is said at the composer in slow mode
 * @property {number} [pace]    the same in seconds
 * @property {number} [picks]   how many editors' picks there are
 */

/**
 * The head of the discussion as of a version; the version last, when all before it is on the page.
 * @param {Head} head
 * @param {number} reached
 */
function setHead(head, reached) {
  if (!discussion) return;
  const { state, closed } = hereOf(head);
  countAll(head.count);
  countPicks(head.picks ?? 0);
  setPace(head.slow ?? "", head.pace ?? 0);
  const line = discussion.querySelector("[data-closed]");
  if (state !== discussion.dataset.state || (closed && line && closed !== line.textContent)) {
    discussion.dataset.state = state;
    discussion.dispatchEvent(new CustomEvent("state-changed", { detail: { closed } }));
  }
  discussion.dataset.version = String(reached);
}

/** In a branch that is closed, so is the whole of a comment's own page. @param {Head} head */
function hereOf({ state, closed = "" }) {
  const branchClosed = discussion?.dataset.branchClosed;
  return state === "open" && branchClosed ? { state: "readonly", closed: branchClosed } : { state, closed };
}

/** @param {string} slow @param {number} pace */
function setPace(slow, pace) {
  if (!discussion || branchOnly || (discussion.dataset.slow ?? "") === slow) return;
  Object.assign(discussion.dataset, { slow, pace: String(pace) });
  discussion.dispatchEvent(new Event("slow-changed"));
}

function askSoon() {
  if (Date.now() - askedAt < ASK_AGAIN_AFTER) return;
  askedAt = Date.now();
  setTimeout(() => ask(version()), Math.random() * ASK_WITHIN);
}

/** Fetches the page's window anew, in place; meanwhile messages are passed over. Throws where it cannot be had. */
export async function startAnew() {
  if (reloading || !discussion) return;
  reloading = true;
  try {
    const { reload } = await import("./reload.js");
    const head = await reload();
    discussion.dataset.epoch = head.epoch;
    setHead(head, head.version);
  } finally {
    reloading = false;
  }
}
