// @ts-check
/**
 * The version that this page has reached, and the messages that take it on: each covers a range of versions, and the
 * ranges must join. A gap is asked for, never passed over.
 */

import { receive } from "./arrivals.js";
import { discussion } from "./comments.js";
import { countAll } from "./counts.js";
import { reload } from "./reload.js";

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
 * The head of the discussion as of a version; the version last, when all before it is on the page.
 * @param {{state: string, count: number, closed?: string}} head  `closed`: why and since when, where it is
 * @param {number} reached
 */
function setHead({ state, count, closed = "" }, reached) {
  if (!discussion) return;
  countAll(count);
  const line = discussion.querySelector("[data-closed]");
  if (state !== discussion.dataset.state || (closed && line && closed !== line.textContent)) {
    discussion.dataset.state = state;
    discussion.dispatchEvent(new CustomEvent("state-changed", { detail: { closed } }));
  }
  discussion.dataset.version = String(reached);
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
    const head = await reload();
    discussion.dataset.epoch = head.epoch;
    setHead(head, head.version);
  } finally {
    reloading = false;
  }
}
