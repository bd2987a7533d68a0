// @ts-check
/** What was seen before signing in is the account's from then on: told once, and forgotten by the browser. */

import { discussion } from "./comments.js";
import { articles, forget, recall } from "./kept.js";
import { receive } from "./reading.js";
import { post } from "./request.js";

/** @param {string} name  under which the browser keeps it */
export async function mergeGuests(name) {
  for (const article of articles(name)) {
    const { since, ranges, last, path } = recall(name, article) ?? {};
    const isOurs = /^\/articles\/[^/]+$/.test(path) && since;
    const { status, data } = isOurs ? await post(`${path}/seen`, { since, ranges, last }) : { status: 404, data: null };
    if (status === 0 || status === 401 || status === 429 || status >= 500) return;
    forget(name, article);
    if (status === 200 && article === discussion?.dataset.article) receive(data);
  }
}
