// @ts-check
/** The desk's channel: how much waits in each queue, and who has what open; and what this page has open, told to others. */

import { desk, openItem } from "./cases.js";
import { element } from "./html.js";
import { post } from "./request.js";
import { connect } from "./socket.js";
import { showState } from "./status.js";
import { handle } from "./viewer.js";
import { figure, say } from "./words.js";

const CLAIM_AGAIN = 60_000;
const SIGNED_OUT = 4401;
const NOT_ALLOWED = 4403;

/** @typedef {{[item: string]: {handle: string, name: string}[]}} Claims */

/** As they were told last. @type {Claims} */
let claims = {};

export function startChannel() {
  connect({ addresses, message: take, state: showState, closed });
  desk?.addEventListener("item-opened", () => {
    claim();
    showClaims();
  });
  setInterval(claim, CLAIM_AGAIN);
  addEventListener("pagehide", () => {
    navigator.sendBeacon("/moderation/claims", new URLSearchParams({ left: openItem()?.dataset.item ?? "" }));
  });
}

function addresses() {
  return { socket: `${location.origin.replace(/^http/, "ws")}/live?desk=1`, poll: "/moderation/counts" };
}

/** Lets the others know what is open here, while it is looked at. */
function claim() {
  const item = openItem()?.dataset.item;
  if (item && !document.hidden) post("/moderation/claims", { item });
}

/** @param {any} message */
function take(message) {
  if (message.type === "banned") return end(message.message);
  if (message.type !== "desk") return;
  for (const [queue, count] of Object.entries(message.counts)) showCount(queue, count);
  claims = message.claims;
  showClaims();
}

/** @param {string} queue @param {number} count */
function showCount(queue, count) {
  const place = document.querySelector(`[data-count-of="${queue}"]`);
  const most = Number(desk?.dataset.most);
  if (place) place.textContent = count > most ? `${figure(most)}+` : figure(count);
  if (queue === desk?.dataset.queue) showArrived(count);
}

/** More wait than stood here at first, less what was decided here: a way to see them. @param {number} count */
function showArrived(count) {
  const place = desk?.querySelector("[data-arrived]");
  if (!(place instanceof HTMLElement) || desk?.dataset.filtered) return;
  const known = Number(desk?.dataset.known);
  if (count < known && desk) desk.dataset.known = String(count);
  const more = count - known;
  place.hidden = more <= 0;
  const link = place.querySelector("a");
  if (link && more > 0) link.textContent = say("deskArrived", { n: more });
}

function showClaims() {
  for (const entry of desk?.querySelectorAll("[data-entry]") ?? []) {
    if (!(entry instanceof HTMLElement)) continue;
    const words = heldBy(entry.dataset.entry ?? "");
    if (words) entry.dataset.claimed = "";
    else delete entry.dataset.claimed;
    put(entry.querySelector("[data-claim]"), words);
  }
  const item = openItem();
  put(item?.querySelector("[data-claim-of-item]") ?? null, heldBy(item?.dataset.item ?? ""));
}

/** Who else has it open, in words. @param {string} item */
function heldBy(item) {
  const others = (claims[item] ?? []).filter((one) => one.handle !== handle());
  return others.length ? say("hasOpen", { name: others.map(({ name }) => name).join(", ") }) : "";
}

/** @param {Element | null} place @param {string} words */
function put(place, words) {
  if (!(place instanceof HTMLElement)) return;
  if (place.textContent !== words) place.textContent = words;
  place.hidden = !words;
}

/** @param {number} code @returns {boolean} whether to connect again */
function closed(code) {
  if (code === SIGNED_OUT) end(say("signedOutDesk"));
  if (code === NOT_ALLOWED) end(say("deskClosed"));
  return code !== SIGNED_OUT && code !== NOT_ALLOWED;
}

/** Says above the lists why nothing can be done here any more. @param {string} words */
function end(words) {
  const place = desk?.querySelector("[data-ended]");
  if (place instanceof HTMLElement && place.hidden) {
    place.hidden = false;
    place.append(element("span", "", words));
  }
}
