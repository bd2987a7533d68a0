// @ts-check
/** The page's window fetched anew and merged in place: what is new waits, what is gone goes, drafts and places stay. */

import { all, discussion, find, forgetVersions, take } from "./comments.js";
import { countReplies, forgetReplies } from "./counts.js";
import { receive } from "./arrivals.js";
import { fetchPage } from "./html.js";
import { branchItems, fetchNext, fetchReplies } from "./more.js";
import { hold } from "./position.js";
import { stopWaiting, waitingUnder } from "./waiting.js";

/** @typedef {import("./comments.js").Item} Item */

const MOST_PAGES = 8;

/**
 * @returns {Promise<import("./discussion.js").Head & {version: number, epoch: string}>} the head as of which the page now is
 */
export async function reload() {
  const page = await fetchPage(address());
  const fresh = page.querySelector("[data-discussion]");
  if (!(fresh instanceof HTMLElement)) throw new Error("no discussion any more");
  const { version, epoch = "", state = "", slow = "", pace = "", branchClosed } = fresh.dataset;
  const comments = [...fresh.querySelectorAll("[data-tree] > [data-comment]")].filter((one) => one instanceof HTMLElement);
  const next = await followPages(comments, fresh.querySelector("[data-more-comments]"));
  const items = await followBranches(comments);
  hold(() => {
    if (discussion && branchClosed) discussion.dataset.branchClosed = branchClosed;
    else delete discussion?.dataset.branchClosed;
    merge(items, comments, Number(version), epoch !== discussion?.dataset.epoch);
    setNext(next);
  });
  const count = Number(fresh.querySelector("[data-count]")?.getAttribute("data-count"));
  const closed = fresh.querySelector("[data-closed]")?.textContent ?? "";
  const picks = Number(fresh.querySelector("[data-picks]")?.getAttribute("data-picks"));
  return { version: Number(version), epoch, state, count, closed, slow, pace: Number(pace), picks };
}

/** A page that answers a refused form has the form's address, which cannot be fetched. */
function address() {
  const { url = "" } = discussion?.dataset ?? {};
  return location.pathname.startsWith(`${url}/`) ? url : location.pathname + location.search;
}

/**
 * Fetches on as far as this page had been paged on.
 * @param {HTMLElement[]} comments  what was fetched; more is added
 * @param {Element | null} next
 */
async function followPages(comments, next) {
  const known = () => new Set(comments.map((comment) => comment.dataset.comment));
  for (let pages = 0; next && pages < MOST_PAGES; pages += 1) {
    const ids = known();
    if (all().every(({ dataset }) => dataset.parent || !dataset.comment || ids.has(dataset.comment))) break;
    const fetched = await fetchNext(next);
    comments.push(...fetched.comments);
    next = fetched.next;
  }
  return next && document.importNode(next, true);
}

/**
 * The comments as states, with as many replies of each as this page had.
 * @param {HTMLElement[]} comments
 * @returns {Promise<Item[]>}
 */
async function followBranches(comments) {
  const items = [];
  for (const root of comments) {
    items.push(...branchItems(root));
    const more = root.querySelector("[data-more-replies]");
    if (!(more instanceof HTMLElement) || more.hidden) continue;
    const wanted = Math.max(0, ...all().filter(({ dataset }) => dataset.root === root.dataset.comment).map(({ dataset }) => Number(dataset.ordinal)));
    for (let pages = 0; Number(more.dataset.after) < wanted && pages < MOST_PAGES; pages += 1) {
      const { comments: replies, shownTo } = await fetchReplies(Number(root.dataset.comment), Number(more.dataset.after));
      if (!replies.length) break;
      items.push(...replies);
      more.dataset.after = String(shownTo);
    }
  }
  return items;
}

/**
 * @param {Item[]} items
 * @param {HTMLElement[]} roots
 * @param {number} version
 * @param {boolean} anotherLife  versions on the page mean nothing any more
 */
function merge(items, roots, version, anotherLife) {
  const ids = new Set(items.map((item) => item.id));
  if (anotherLife) {
    forgetVersions();
    forgetReplies();
    for (const item of waitingUnder()) stopWaiting(item.id);
  }
  for (const item of waitingUnder()) if (!ids.has(item.id)) stopWaiting(item.id);
  for (const comment of all()) if (comment.isConnected && !ids.has(Number(comment.dataset.comment))) take(comment, 0);
  countReplies(figures(roots), version);
  receive(items, version);
  for (const root of roots) {
    const [from, to] = [root, find(root.dataset.comment)].map((one) => one?.querySelector("[data-more-replies]"));
    if (from && to) to.setAttribute("data-after", from.getAttribute("data-after") ?? "");
  }
}

/** The reply counts that stand on the fetched page. @param {HTMLElement[]} roots */
function figures(roots) {
  /** @type {{[id: string]: number}} */
  const counts = {};
  for (const root of roots) {
    for (const figure of root.querySelectorAll("[data-reply-count]")) {
      const id = figure.closest("[data-comment]")?.getAttribute("data-comment");
      if (id) counts[id] = Number(figure.getAttribute("data-reply-count"));
    }
  }
  return counts;
}

/** @param {Element | null} next */
function setNext(next) {
  const old = discussion?.querySelector("[data-more-comments]");
  if (old && next) old.replaceWith(next);
  else if (next) discussion?.querySelector("[data-tree]")?.after(next);
  else old?.remove();
}
