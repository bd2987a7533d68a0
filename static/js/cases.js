// @ts-check
/**
 * The items of a queue: one is open, and the next is fetched ahead, so that it is there at once. An item that is opened
 * is told by an event on the desk, "item-opened".
 */

import { fetchPage } from "./html.js";
import { refresh } from "./times.js";

/** `at`: when it was asked for. @typedef {{item: Element, record: Element | null, at: number}} Parts */

/** How long what was fetched ahead is believed; whatever changed after that, a decision is refused for. */
const FRESH = 30_000;
/** On which page an item is opened when nobody has chosen one: the list then stands beside it. */
const BESIDE = "(min-width: 52rem)";

export const desk = /** @type {HTMLElement | null} */ (document.querySelector("[data-desk]"));

/** By address. @type {Map<string, {at: number, parts: Promise<Parts>}>} */
const ahead = new Map();
/** The address that was asked for last: only its answer is shown. */
let wanted = "";
/** Of whom something was decided last, and when that was: a record asked for before does not count it. */
let decided = { author: "", at: 0 };
/** When the record that is shown was asked for. */
let recordAt = Date.now();

export function startCases() {
  desk?.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("[data-entry] a, a[data-next-item]") : null;
    const entry = link?.matches("[data-next-item]") ? neighbour(current()) : link?.closest("[data-entry]");
    if (!(entry instanceof HTMLElement) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    show(entry);
  });
  opened();
}

/** The lines of the list, but for those that are decided. @returns {HTMLElement[]} */
export function entries() {
  return [...(desk?.querySelectorAll("[data-entry]:not([hidden])") ?? [])].filter((one) => one instanceof HTMLElement);
}

/** The line of the item that is open; none where it is not in the list. @returns {HTMLElement | undefined} */
export function current() {
  return entries().find((entry) => entry.getAttribute("aria-current") === "true");
}

/** The item that is open. @returns {HTMLElement | null} */
export function openItem() {
  return desk?.querySelector("[data-item]") ?? null;
}

/**
 * The line after (or before) one, of those that nobody else has open; around the end to the beginning.
 * @param {HTMLElement | undefined} from
 * @param {number} [by]
 */
export function neighbour(from, by = 1) {
  const all = entries();
  const start = from ? all.indexOf(from) : -1;
  const after = by > 0 ? [...all.slice(start + 1), ...all.slice(0, Math.max(start, 0))] : all.slice(0, Math.max(start, 0)).reverse();
  return after.find((entry) => entry.dataset.claimed === undefined) ?? after[0];
}

/**
 * Opens an item in place of the one that is open.
 * @param {HTMLElement} entry
 * @param {{anew?: boolean}} [how]  `anew`: fetched again, whatever was fetched ahead
 */
export async function show(entry, { anew = false } = {}) {
  const address = addressOf(entry);
  wanted = address;
  if (anew) ahead.delete(address);
  try {
    const parts = await fetched(address);
    if (wanted === address) put(parts, entry, address);
  } catch {
    location.assign(address);
  }
}

/**
 * Goes on where the list has come to its end, to its next page or to what has come meanwhile; what was done is told there.
 * @param {{act?: number, stay?: number}} [done]
 */
export function goOn({ act, stay } = {}) {
  const to = new URL((!entries().length && desk?.dataset.more) || desk?.dataset.here || location.pathname, location.href);
  if (act) to.searchParams.set("done", String(act));
  if (stay) to.searchParams.set("stay", String(stay));
  location.assign(to);
}

/** @param {HTMLElement} entry */
function addressOf(entry) {
  const link = entry.querySelector("a");
  return link ? link.href.split("#")[0] : location.href;
}

/** @param {string} address @returns {Promise<Parts>} */
function fetched(address) {
  const known = ahead.get(address);
  ahead.delete(address);
  return known && Date.now() - known.at < FRESH ? known.parts : fetchParts(address);
}

/** Whose record is shown. */
export function authorOf() {
  return desk?.querySelector("[data-record]")?.getAttribute("data-of") ?? "";
}

/** Something was decided of this author: their record, where it is shown or fetched already, is another now. @param {string} author */
export function renew(author) {
  decided = { author, at: Date.now() };
  renewRecord();
}

/** Fetches the record anew that does not count what was decided last, unless somebody writes in it. */
async function renewRecord() {
  const entry = current();
  const record = desk?.querySelector("[data-record]");
  if (!entry || !record || authorOf() !== decided.author || recordAt >= decided.at) return;
  const fresh = await fetchParts(addressOf(entry)).catch(() => null);
  const isWrittenIn = [...record.querySelectorAll("input")].some((field) => field.matches(":focus") || field.value !== field.defaultValue);
  if (!fresh?.record || !record.isConnected || isWrittenIn) return;
  recordAt = fresh.at;
  record.replaceWith(fresh.record);
  refresh(fresh.record);
}

/** @param {string} address @returns {Promise<Parts>} */
async function fetchParts(address) {
  const at = Date.now();
  const page = await fetchPage(`${address}&ahead=1`);
  const item = page.querySelector("[data-item]");
  if (!item) throw new Error("no item");
  return { item: document.importNode(item, true), record: importOf(page.querySelector("[data-record]")), at };
}

/** @param {Element | null} element */
function importOf(element) {
  return element && document.importNode(element, true);
}

/** @param {Parts} parts @param {HTMLElement} entry @param {string} address */
function put({ item, record, at }, entry, address) {
  desk?.querySelector("[data-record]")?.remove();
  const before = openItem();
  if (before) before.replaceWith(item);
  else desk?.querySelector(".desk-columns")?.append(item);
  if (record) item.after(record);
  for (const one of desk?.querySelectorAll("[data-entry][aria-current]") ?? []) one.removeAttribute("aria-current");
  entry.setAttribute("aria-current", "true");
  refresh(item.parentElement ?? document);
  history.replaceState(null, "", address);
  bringIntoView(entry);
  recordAt = at;
  renewRecord();
  opened();
}

/** Beside the list the page stays where it is; beneath it, the item comes to the top. @param {HTMLElement} entry */
function bringIntoView(entry) {
  const item = openItem();
  item?.focus({ preventScroll: true });
  if (matchMedia(BESIDE).matches) entry.scrollIntoView({ block: "nearest" });
  else item?.scrollIntoView({ block: "start" });
}

/** Tells of the item that is open, and fetches the one that will come after it. */
function opened() {
  const item = openItem();
  if (!item?.dataset.item) return;
  desk?.dispatchEvent(new CustomEvent("item-opened", { detail: item.dataset.item }));
  const next = neighbour(current());
  if (!next) return;
  const address = addressOf(next);
  const known = ahead.get(address);
  const parts = known && Date.now() - known.at < FRESH ? known.parts : fetchParts(address);
  if (parts !== known?.parts) ahead.set(address, { at: Date.now(), parts });
  parts.then(() => isThere(next), () => ahead.delete(address));
}

/** Notes on the desk which item can be opened without asking. @param {HTMLElement} entry */
function isThere(entry) {
  if (desk) desk.dataset.ahead = entry.dataset.entry;
}
