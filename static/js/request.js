// @ts-check
/** Asking the server for something by form, with an answer in JSON. */

/**
 * @typedef {object} Answer
 * @property {number} status   HTTP status; 0 when no answer of the site's own came
 * @property {any} data        the JSON, or null
 * @property {string} message  what the server says went wrong, or ""
 */

/**
 * Posts fields. Never throws: a lost answer has status 0.
 * @param {string} url
 * @param {{[name: string]: string}} fields
 * @returns {Promise<Answer>}
 */
export function post(url, fields) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return ask(url, { method: "POST", body: form });
}

/**
 * Asks for JSON. Never throws: a lost answer has status 0.
 * @param {string} url
 * @param {RequestInit} [options]
 * @returns {Promise<Answer>}
 */
export async function ask(url, options = {}) {
  try {
    const answer = await fetch(url, {
      ...options,
      cache: "no-store",
      headers: { Accept: "application/json" },
      signal: AbortSignal.timeout(20_000),
    });
    const data = await answer.json().catch(() => null);
    const isFromAProxy = answer.status >= 502 && data === null;
    if ((answer.ok && data === null) || isFromAProxy) throw new Error("no answer of the site's own");
    return { status: answer.status, data, message: data?.error?.message ?? "" };
  } catch {
    return { status: 0, data: null, message: "" };
  }
}
