// @ts-check
/** What comes over the connection, and who is told of it. */

import { articlePath, discussion } from "./comments.js";
import { apply, epoch, startAnew, startDiscussion, version } from "./discussion.js";
import { ban, close, signOut } from "./place.js";
import { receive, tellAgain } from "./reading.js";
import { askSince, connect, disconnect, reconnect, send } from "./socket.js";
import { showEnd, showReaders, showState } from "./status.js";
import { handle } from "./viewer.js";
import { setScores } from "./votes.js";
import { say } from "./words.js";

const SIGNED_OUT = 4401;
const NOT_FOUND = 4404;
/** Every open page asks within this time, not all at once. */
const ASK_WITHIN = 2000;
const ANEW_AGAIN_AFTER = 2000;

export function startLive() {
  startDiscussion(askSince);
  if (discussion?.dataset.typing === "on") import("./typing.js").then(startTyping);
  connect({ addresses, message: take, state: tellState, closed });
}

/** Fetched only where the site has it switched on. @type {typeof import("./typing.js") | null} */
let typing = null;

/** @param {typeof import("./typing.js")} module */
function startTyping(module) {
  typing = module;
  typing.startTyping(send);
}

function addresses() {
  const { article } = /** @type {HTMLElement} */ (discussion).dataset;
  const reached = `after=${version()}&epoch=${encodeURIComponent(epoch())}`;
  const host = location.origin.replace(/^http/, "ws");
  return { socket: `${host}/live?article=${article}&${reached}`, poll: `${articlePath()}/changes?${reached}` };
}

let wasLive = false;
let isLost = false;

/** @param {import("./status.js").LiveState} state */
function tellState(state) {
  showState(state);
  if (state === "live" && isLost) tellAgain();
  isLost = state !== "live" && wasLive;
  wasLive ||= state === "live";
}

/** @param {any} message */
function take(message) {
  if (message.readers !== undefined) showReaders(message.readers);
  if (message.typing || message.type === "heartbeat") typing?.showTyping(message.typing ?? []);
  if (message.type === "sampled") setScores(message.scores ?? {});
  else if (message.type === "seen") receive(message);
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
  if (code === NOT_FOUND) setTimeout(end, ASK_WITHIN * Math.random());
  if (code === SIGNED_OUT && handle() !== undefined) signOut();
  return code !== NOT_FOUND;
}

/** There is no discussion any more: its article was taken back, or the comments alone; the article's address tells. */
async function end() {
  const answer = await fetch(`${articlePath()}?at=${Date.now()}`, { method: "HEAD", cache: "no-store" }).catch(() => null);
  if (!answer || answer.status >= 500) return void setTimeout(end, ASK_WITHIN * (1 + Math.random()));
  close("");
  showEnd(say(answer.ok ? "commentsOff" : "notPublished"));
}
