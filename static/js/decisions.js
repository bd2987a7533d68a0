// @ts-check
/**
 * Decisions about the open item. The next one is shown at once, while the answer is on its way; where the decision
 * could not be made, the line above the lists says why, and the item stands in the list again.
 */

import { authorOf, current, desk, goOn, neighbour, openItem, renew, show } from "./cases.js";
import { element, fragment } from "./html.js";
import { post } from "./request.js";
import { say } from "./words.js";

/** Decisions after which the item has left its queue. */
const LEAVES = ["a", "r"];

/** What was decided last: the act, the item, and the line that stood after it in the list. @type {{act: number, entry: HTMLElement, next: Element | null} | null} */
let last = null;

export function startDecisions() {
  desk?.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement)) return;
    if (form.dataset.decision === undefined && form.dataset.undo === undefined) return;
    event.preventDefault();
    if (form.dataset.undo !== undefined) undo(form);
    else decide(form, event.submitter);
  });
  desk?.addEventListener("keydown", (event) => {
    const field = event.target;
    if (event.key === "Enter" && field instanceof HTMLSelectElement && field.matches("[data-reason]")) {
      event.preventDefault();
      field.form?.requestSubmit();
    }
    if (event.key === "Escape" && field instanceof HTMLElement && field.matches("input, textarea, select")) {
      openItem()?.focus({ preventScroll: true });
    }
  });
}

/** Takes back what the line tells, if it can be taken back. */
export function undoLast() {
  const form = desk?.querySelector("form[data-undo]");
  if (form instanceof HTMLFormElement) form.requestSubmit();
}

/** @param {HTMLFormElement} form @param {HTMLElement | null} [submitter] */
async function decide(form, submitter) {
  if (form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  const entry = current();
  const answer = post(form.action, fieldsOf(form, submitter));
  if (LEAVES.includes(form.dataset.decision ?? "")) await goFrom(entry, answer);
  else await stayAt(entry, form, answer);
}

/** On to the next item before the answer is there. @param {HTMLElement | undefined} entry @param {Promise<import("./request.js").Answer>} answer */
async function goFrom(entry, answer) {
  const next = neighbour(entry);
  const place = entry?.nextElementSibling ?? null;
  const author = authorOf();
  if (entry) entry.hidden = true;
  tell(element("p", "", say("deciding")));
  if (next) show(next);
  const { status, data, message } = await answer;
  if (status === 200) {
    if (entry) last = { act: data.act, entry, next: place };
    entry?.remove();
    tell(fragment(data.line));
    if (next) renew(author);
    else goOn(data);
    return;
  }
  if (entry) entry.hidden = false;
  tell(trouble(message, entry));
}

/** The item stays open, and is fetched anew. @param {HTMLElement | undefined} entry @param {HTMLFormElement} form @param {Promise<import("./request.js").Answer>} sent */
async function stayAt(entry, form, sent) {
  const { status, data, message } = await sent;
  form.ariaBusy = null;
  if (status !== 200) return tell(trouble(message));
  tell(fragment(data.line));
  if (entry) show(entry, { anew: true });
  else location.reload();
}

/** @param {HTMLFormElement} form */
async function undo(form) {
  if (form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  const { status, data, message } = await post(form.action, fieldsOf(form));
  if (status !== 200) return tell(trouble(message));
  const act = Number(form.closest("[data-done]")?.getAttribute("data-done"));
  if (!last || last.act !== act) return location.assign(telling(form.querySelector("input")?.value ?? "", data.act));
  const { entry: back, next } = last;
  if (desk) desk.dataset.known = String(Number(desk.dataset.known) + 1);
  desk?.querySelector("[data-entries]")?.insertBefore(back, next?.isConnected ? next : null);
  back.hidden = false;
  last = null;
  tell(element("p", "", say("undone")));
  show(back, { anew: true });
}

/** An address of the desk at which an act is told. @param {string} address @param {number} act */
function telling(address, act) {
  const to = new URL(address || location.href, location.href);
  to.searchParams.set("done", String(act));
  return to;
}

/** @param {HTMLFormElement} form @param {HTMLElement | null} [submitter] */
function fieldsOf(form, submitter) {
  /** @type {{[name: string]: string}} */
  const fields = {};
  for (const [name, value] of new FormData(form, submitter)) fields[name] = String(value);
  return fields;
}

/** What went wrong, and the way back to the item. @param {string} message @param {HTMLElement} [entry] */
export function trouble(message, entry) {
  const line = element("p", "desk-trouble", message || say("notDecided"));
  line.role = "alert";
  if (!entry) return line;
  const again = /** @type {HTMLButtonElement} */ (element("button", "button-link", say("lookAtIt")));
  again.type = "button";
  again.addEventListener("click", () => show(entry, { anew: true }));
  line.append(" ", again);
  return line;
}

/** Puts something into the line above the lists. @param {Node} words */
export function tell(words) {
  desk?.querySelector("[data-line]")?.replaceChildren(words);
}
