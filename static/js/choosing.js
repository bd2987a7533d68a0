// @ts-check
/** Several comments at once: what is done to them is offered once some are chosen, and says how many. */

import { current, desk, entries, goOn, neighbour, show } from "./cases.js";
import { tell, trouble } from "./decisions.js";
import { fragment } from "./html.js";
import { ask } from "./request.js";
import { say } from "./words.js";

/** The box that was ticked last: with the Shift key all between it and the next are ticked too. @type {HTMLInputElement | null} */
let last = null;

export function startChoosing() {
  desk?.addEventListener("click", (event) => {
    const box = event.target;
    if (!(box instanceof HTMLInputElement) || box.name !== "chosen") return;
    if (event.shiftKey && last?.form === box.form) chooseBetween(last, box);
    last = box;
    if (box.form) offer(box.form);
  });
  desk?.addEventListener("submit", (event) => {
    const { target: form, submitter } = event;
    if (!(form instanceof HTMLFormElement) || form.dataset.bulk === undefined) return;
    event.preventDefault();
    decide(form, submitter);
  });
  desk?.addEventListener("item-opened", offerAll);
  offerAll();
}

function offerAll() {
  for (const form of desk?.querySelectorAll("form[data-bulk]") ?? []) {
    if (form instanceof HTMLFormElement) offer(form);
  }
}

/** @param {HTMLFormElement} form */
function boxes(form) {
  return [...form.querySelectorAll('input[name="chosen"]')].filter((box) => box instanceof HTMLInputElement);
}

/** @param {HTMLFormElement} form */
function chosen(form) {
  return boxes(form).filter((box) => box.checked && !box.closest("[hidden]"));
}

/** @param {HTMLInputElement} from @param {HTMLInputElement} to */
function chooseBetween(from, to) {
  const all = to.form ? boxes(to.form) : [];
  const [start, end] = [all.indexOf(from), all.indexOf(to)].sort((one, other) => one - other);
  for (const box of all.slice(start, (end ?? 0) + 1)) box.checked = to.checked;
}

/** Shows what can be done, and to how many. @param {HTMLFormElement} form */
function offer(form) {
  const bar = form.querySelector("[data-bulk-bar]");
  const n = chosen(form).length;
  if (!(bar instanceof HTMLElement)) return;
  bar.hidden = n === 0;
  for (const button of bar.querySelectorAll("[data-several]")) {
    if (button instanceof HTMLButtonElement) button.textContent = say(`${button.value}Chosen`, { n });
  }
}

/** @param {HTMLFormElement} form @param {HTMLElement | null} submitter */
async function decide(form, submitter) {
  if (form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  const rows = chosen(form).map((box) => box.closest("[data-entry]"));
  const body = new FormData(form, submitter);
  const { status, data, message } = await ask(form.action, { method: "POST", body });
  form.ariaBusy = null;
  if (status !== 200) return tell(trouble(message));
  tell(fragment(data.line));
  for (const row of rows) row?.remove();
  offer(form);
  const open = current();
  if (!entries().length || data.stay) goOn(data);
  else if (open) show(open, { anew: true });
  else show(/** @type {HTMLElement} */ (neighbour(undefined)));
}
