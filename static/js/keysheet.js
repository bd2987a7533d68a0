// @ts-check
/** Keys that do something on a page, never while somebody types; and the sheet that lists them, by "?". */

/** Where it is kept that somebody wants no keys. */
export const OFF = "keys:off";

/**
 * By key: the name of the sentence that tells what it does, and that.
 * @typedef {{[key: string]: [word: string, action: () => void]}} Keys
 */

/**
 * Lets these keys work, and "?" list them.
 * @param {Keys} keys
 * @param {Element} place  where the sheet is put
 * @returns {() => void}  shows the sheet
 */
export function listen(keys, place) {
  /** @type {Keys} */
  const all = { ...keys, "?": ["keysAsk", () => showSheet(all, place)] };
  const show = all["?"][1];
  document.addEventListener("keydown", (event) => {
    const target = event.target instanceof HTMLElement ? event.target : document.body;
    const isTyping = target.isContentEditable || target.matches("input, textarea, select") || target.closest("dialog");
    const [, action] = all[event.key] ?? all[latin(event)] ?? [];
    if (!action || isTyping || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (isOff() && event.key !== "?") return;
    event.preventDefault();
    action();
  });
  return show;
}

/** The letter of a key that writes one of another script: it is where it is on other keyboards. @param {KeyboardEvent} event */
function latin({ key, code }) {
  return key > "~" ? code.replace("Key", "").toLowerCase() : "";
}

/** Whether somebody has switched the keys off. */
export function isOff() {
  try {
    return localStorage.getItem(OFF) !== null;
  } catch {
    return false;
  }
}

/** The list is fetched when it is first asked for. @param {Keys} keys @param {Element} place */
async function showSheet(keys, place) {
  const { sheet } = await import("./sheet.js");
  sheet(keys, place).showModal();
}
