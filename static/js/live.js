// @ts-check
/** What comes over the connection, and who is told of it. */

import { branchOnly, discussion } from "./comments.js";
import { apply, epoch, startAnew, startDiscussion, version } from "./discussion.js";
import { ban, signOut } from "./place.js";
import { askSince, connect, disconnect, reconnect } from "./socket.js";
import { showNotPublished, showReaders, showState } from "./status.js";
import { handle } from "./viewer.js";
import { setScores } from "./votes.js";

const SIGNED_OUT = 4401;
const NOT_PUBLISHED = 4404;
const ANEW_AGAIN_AFTER = 2000;

export function startLive() {
  startDiscussion(askSince);
  connect({ addresses, message: take, state: showState, closed });
}

function addresses() {
  const { article, url = "" } = /** @type {HTMLElement} */ (discussion).dataset;
  const reached = `after=${version()}&epoch=${encodeURIComponent(epoch())}`;
  const host = location.origin.replace(/^http/, "ws");
  return { socket: `${host}/live?article=${article}&${reached}`, poll: `${branchOnly ? articleOf(url) : url}/changes?${reached}` };
}

/** A comment's own page is headed by the link to its article. @param {string} otherwise */
function articleOf(otherwise) {
  const link = document.querySelector("h1 a");
  return link instanceof HTMLAnchorElement ? link.pathname : otherwise;
}

/** @param {any} message */
function take(message) {
  if (message.readers !== undefined) showReaders(message.readers);
  if (message.type === "sampled") setScores(message.scores ?? {});
  else if (message.type === "banned") ban(message.message);
  else if (message.type === "reload") anew();
  else if (message.type === "changes" || message.type === "heartbeat") apply(message);
}

/** Too much has changed, or the database is another one: fetch the window anew, then go on from there. */
async function anew() {
  disconnect();
  try {
    await startAnew();
    reconnect();
  } catch {
    setTimeout(anew, ANEW_AGAIN_AFTER * (1 + Math.random()));
  }
}

/** @param {number} code @returns {boolean} whether to connect again */
function closed(code) {
  if (code === NOT_PUBLISHED) showNotPublished();
  if (code === SIGNED_OUT && handle() !== undefined) signOut();
  return code !== NOT_PUBLISHED;
}
