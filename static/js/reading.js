// @ts-check
/**
 * The reader's place in this discussion: what of it they have seen. The account keeps it, for a guest the browser; what
 * other pages add comes by the socket or from the browser's store. Places only grow, so in whatever order, and however
 * often, they are told, the outcome is the same. `forum/reading/` is the other end.
 */

import { all, articlePath, discussion } from "./comments.js";
import { articles, keep, recall } from "./kept.js";
import { bounded, contains, encode, parse, union } from "./ranges.js";
import { post } from "./request.js";
import { handle } from "./viewer.js";

const NAME = "seen";
/** What was seen is told together, and a place in reading alone more rarely. */
const TELL_AFTER = 2000;
const TELL_LAST_AFTER = 20_000;

/** @typedef {import("./ranges.js").Ranges} Ranges */

/** All up to this version is old. */
let since = 0;
/** @type {Ranges} */
let ranges = [];
/** What this page itself has to tell: nothing but comments that have been on it. @type {Ranges} */
let added = [];
/** The comment that was read last, and that of the visit before. */
let last = 0;
let before = 0;
let tellAt = Infinity;
let timer = 0;

/** Takes up the place that is kept, or begins one: at a first visit nothing is new. */
export function startReading() {
  const places = discussion ? [ofAccount(), ofBrowser()].filter((place) => place !== null) : [];
  if (isSignedIn() && articles(NAME).length) import("./merging.js").then(({ mergeGuests }) => mergeGuests(NAME));
  if (!discussion) return;
  for (const place of places) take(place);
  before = last;
  const version = Number(discussion.dataset.version);
  if (!places.length) whenVisible(() => begin(version));
  addEventListener("storage", ({ key }) => {
    const other = key === `${NAME}:${discussion?.dataset.article}` && !isSignedIn() ? recall(NAME) : null;
    if (other) receive(placeIn(other));
  });
  addEventListener("pagehide", leave);
  document.addEventListener("visibilitychange", () => document.hidden && leave());
}

/** @typedef {{since: number, ranges: string, last: number | null}} Place */

/** @returns {Place | null} */
function ofAccount() {
  const element = document.querySelector("[data-reading]");
  const { since, ranges, last } = element instanceof HTMLElement ? element.dataset : {};
  return since === undefined ? null : placeIn({ since, ranges, last });
}

/** A guest's; or what was a guest's until a moment ago, and will be the account's. @returns {Place | null} */
function ofBrowser() {
  const kept = recall(NAME);
  return kept && kept.epoch === discussion?.dataset.epoch ? placeIn(kept) : null;
}

/** @param {{[name: string]: any}} kept @returns {Place} */
function placeIn(kept) {
  return { since: Number(kept.since), ranges: String(kept.ranges), last: Number(kept.last) };
}

function isSignedIn() {
  return handle() !== undefined;
}

/**
 * All that is there at a first visit is old, and stays so when it is edited or picked: the server knows for accounts.
 * @param {number} version  as of which the page was loaded
 */
function begin(version) {
  since = Math.max(since, version);
  const ids = all().map(({ dataset }) => Number(dataset.comment)).sort((a, b) => a - b);
  if (!isSignedIn() && ids.length) ranges = union(ranges, [[ids[0], ids[ids.length - 1]]]);
  tell(0);
}

/** Whether there was an earlier visit: only then a page can say what is new since. */
export function hasPlace() {
  return since > 0;
}

/** Whether something has come between the last visit and this page. */
export function hasNews() {
  return hasPlace() && since < Number(discussion?.dataset.version);
}

/** The version up to which nothing is new. */
export function seenSince() {
  return since;
}

/** The comment at which the visit before this one ended; 0 where it is not known. */
export function leftAt() {
  return before;
}

/** @param {number} id */
export function hasSeen(id) {
  return contains(ranges, id);
}

/**
 * Whether a comment has come since this reader was last here, and has not been seen.
 * @param {HTMLElement} comment
 */
export function isUnseen(comment) {
  const { comment: id, state, version } = comment.dataset;
  if (!hasPlace() || state !== "visible" || comment.classList.contains("is-own")) return false;
  return Number(version) > since && !hasSeen(Number(id));
}

/**
 * Notes that comments have been seen, or passed.
 * @param {number} id
 */
export function noteSeen(id) {
  if (hasSeen(id)) return;
  ranges = bounded(union(ranges, [[id, id]]));
  added = bounded(union(added, [[id, id]]));
  tell(TELL_AFTER);
}

/**
 * Notes that all up to a version has been seen.
 * @param {number} version
 */
export function noteSeenTo(version) {
  since = Math.max(since, version);
  tell(TELL_AFTER);
}

/**
 * Notes the comment that is being read.
 * @param {number} id
 */
export function noteRead(id) {
  if (id === last) return;
  last = id;
  tell(TELL_LAST_AFTER);
}

/**
 * What another page of this reader's has told, or the server of all of them.
 * @param {Place} place
 */
export function receive(place) {
  if (place.last && !last) last = place.last;
  const known = encode(ranges);
  take({ ...place, last });
  if (encode(ranges) !== known) discussion?.dispatchEvent(new Event("place-changed"));
}

/** The connection is there again: what was told meanwhile is in the answer. Every open page asks then, not all at once. */
export function tellAgain() {
  if (hasPlace() && isSignedIn()) tell(TELL_LAST_AFTER * (0.2 + Math.random()));
}

/** @param {Place} place */
function take(place) {
  since = Math.max(since, place.since);
  ranges = bounded(union(ranges, parse(place.ranges)));
  last = place.last || last;
}

/** @param {number} after */
function tell(after) {
  if (Date.now() + after >= tellAt) return;
  tellAt = Date.now() + after;
  clearTimeout(timer);
  timer = setTimeout(send, after);
}

async function send() {
  tellAt = Infinity;
  clearTimeout(timer);
  if (!isSignedIn()) return keepHere();
  const { status, data } = await post(`${articlePath()}/seen`, fields());
  if (status === 200) receive(data);
  else if (status === 0 || status === 429 || status >= 500) tell(TELL_LAST_AFTER);
}

/** The page is left, perhaps for good: what is yet to be told goes out without waiting for an answer. */
function leave() {
  if (tellAt === Infinity) return;
  if (!isSignedIn()) return void send();
  tellAt = Infinity;
  clearTimeout(timer);
  const form = new FormData();
  for (const [name, value] of Object.entries(fields())) form.set(name, value);
  navigator.sendBeacon(`${articlePath()}/seen`, form);
}

function fields() {
  return { since: String(since), ranges: encode(isSignedIn() ? added : ranges), last: String(last) };
}

function keepHere() {
  keep(NAME, { ...fields(), epoch: discussion?.dataset.epoch, path: articlePath() });
}

/** @param {() => void} action */
function whenVisible(action) {
  if (!document.hidden) return action();
  document.addEventListener("visibilitychange", () => action(), { once: true });
}
