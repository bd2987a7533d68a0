// @ts-check
/**
 * The connection: a socket that is opened again whenever it is lost, and where none can be opened the same messages
 * by question every four seconds.
 */

/**
 * @typedef {object} Listeners
 * @property {() => {socket: string, poll: string}} addresses  where to connect, from the version reached until now
 * @property {(message: any) => void} message
 * @property {(state: import("./status.js").LiveState) => void} state
 * @property {(code: number) => boolean} closed  told the code of a close; whether to connect again
 */

const FIRST_WAIT = 250;
const LONGEST_WAIT = 4000;
const POLL_EVERY = 4000;
/** While asking by HTTP, every so many questions a socket is tried again. */
const TRY_SOCKET_EVERY = 5;
const OPENS_WITHIN = 10_000;
const SILENT_AFTER = 45_000;
/** A page that comes back into view does not wait for that long: heartbeats come every 20 s. */
const DOUBTFUL_AFTER = 25_000;
const OFFLINE_AFTER = 30_000;
const WATCH_EVERY = 1000;
const ATTEMPT_WITHIN = 300;
/** What a question by HTTP is refused with, as the code of a close. @type {{[status: number]: number}} */
const ENDS = { 401: 4401, 403: 4403, 404: 4404 };
const REFUSED = 1013;

/** @type {Listeners} */
let listeners;
/** @type {WebSocket | null} */
let socket = null;
let timer = 0;
let failures = 0;
let everOpened = false;
/** The server takes no more sockets, or none at all for now. */
let isRefused = false;
let heardAt = 0;
let lostAt = 0;
let polls = 0;
let isStopped = false;

/** @param {Listeners} given */
export function connect(given) {
  listeners = given;
  lostAt = Date.now();
  for (const event of ["online", "pageshow"]) addEventListener(event, () => wake(event));
  addEventListener("offline", () => tell());
  addEventListener("pagehide", disconnect);
  document.addEventListener("visibilitychange", () => document.hidden || wake("visible"));
  setInterval(watch, WATCH_EVERY);
  tell();
  openSocket();
}

/**
 * Asks for all after a version, on whichever way is open.
 * @param {number} version
 */
export function askSince(version) {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ type: "since", version }));
  else if (isPolling()) again(0, poll);
}

/**
 * Says something to the server, where a socket is open.
 * @param {{type: string}} message
 */
export function send(message) {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
}

/** Connects anew, from the version and epoch that the page has now. */
export function reconnect() {
  disconnect();
  again(Math.random() * ATTEMPT_WITHIN);
}

function openSocket() {
  clearTimeout(timer);
  const opened = new WebSocket(listeners.addresses().socket);
  socket = opened;
  timer = setTimeout(() => lose(opened, 0, ""), OPENS_WITHIN);
  opened.addEventListener("open", () => {
    clearTimeout(timer);
    everOpened = true;
    heard();
  });
  opened.addEventListener("message", ({ data }) => {
    if (socket !== opened) return;
    failures = 0;
    isRefused = false;
    heard();
    take(data);
  });
  opened.addEventListener("close", ({ code, reason }) => lose(opened, code, reason));
}

/** @param {string} data */
function take(data) {
  let message;
  try {
    message = JSON.parse(data);
  } catch {
    return;
  }
  listeners.message(message);
}

/** @param {WebSocket} lost @param {number} code @param {string} reason */
function lose(lost, code, reason) {
  if (socket !== lost) return;
  disconnect();
  isStopped = !listeners.closed(code);
  if (isStopped) return;
  failures += 1;
  isRefused = code === REFUSED;
  tell();
  const wait = Number(/wait=(\d+)/.exec(reason)?.[1] ?? 0) * 1000;
  if (isPolling()) again(POLL_EVERY * Math.random(), poll);
  else again((wait || backOff()) * (0.5 + Math.random()) + wait / 2);
}

/** Sockets are refused, or seem to be blocked on the way. */
function isPolling() {
  return !socket && (isRefused || (!everOpened && failures >= 2));
}

/** Between half and one and a half of a wait that doubles, and never more than the longest. */
function backOff() {
  return Math.min(FIRST_WAIT * 2 ** (failures - 1), LONGEST_WAIT / 1.5);
}

async function poll() {
  polls += 1;
  if (polls % TRY_SOCKET_EVERY === 0) return openSocket();
  try {
    const answer = await fetch(listeners.addresses().poll, {
      cache: "no-store", headers: { Accept: "application/json" }, signal: AbortSignal.timeout(OPENS_WITHIN),
    });
    if (answer.status in ENDS) {
      isStopped = !listeners.closed(ENDS[answer.status]);
    } else if (answer.ok) {
      heard();
      listeners.message(await answer.json());
    }
  } catch {
    lostAt ||= Date.now();
    tell();
  }
  if (!isStopped && !socket) again(POLL_EVERY * (0.75 + Math.random() / 2), poll);
}

/** @param {number} after @param {() => void} [attempt] */
function again(after, attempt = openSocket) {
  clearTimeout(timer);
  timer = setTimeout(attempt, after);
}

/** Lets go of the connection, so that the page may be kept for the Back button. */
export function disconnect() {
  clearTimeout(timer);
  const old = socket;
  socket = null;
  lostAt ||= Date.now();
  old?.close();
}

function heard() {
  heardAt = Date.now();
  lostAt = 0;
  tell();
}

/** @param {string} reason */
function wake(reason) {
  const isOpen = socket?.readyState === WebSocket.OPEN;
  const isDoubtful = reason === "online" || Date.now() - heardAt > DOUBTFUL_AFTER;
  if (isStopped || (isOpen && !isDoubtful) || (reason === "pageshow" && socket)) return;
  failures = 0;
  lostAt = Date.now();
  tell();
  reconnect();
}

/** Notices a connection that has gone silent, and one that has been missing for long. */
function watch() {
  if (socket?.readyState === WebSocket.OPEN && Date.now() - heardAt > SILENT_AFTER) lose(socket, 0, "");
  else tell();
}

function tell() {
  const isLong = lostAt > 0 && Date.now() - lostAt > OFFLINE_AFTER;
  if (isStopped) return;
  if (!navigator.onLine || isLong) listeners.state("offline");
  else listeners.state(lostAt ? "reconnecting" : "live");
}
