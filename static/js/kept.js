// @ts-check
/** What this browser keeps of articles by itself: of so many at most, those that were left alone longest go first. */

import { discussion } from "./comments.js";

const MOST_ARTICLES = 100;

/** @typedef {{at: number, [name: string]: any}} Kept */

/**
 * What is kept of an article under a name; null where nothing is, or the browser keeps nothing.
 * @param {string} name
 * @param {string} [article]  this one
 * @returns {Kept | null}
 */
export function recall(name, article = discussion?.dataset.article) {
  try {
    const kept = JSON.parse(localStorage.getItem(`${name}:${article}`) ?? "null");
    return kept && typeof kept === "object" ? kept : null;
  } catch {
    return null;
  }
}

/**
 * Keeps something of this article.
 * @param {string} name
 * @param {{[name: string]: any} | null} value  null to forget it
 */
export function keep(name, value) {
  const { article = "" } = discussion?.dataset ?? {};
  try {
    if (!value) return forget(name, article);
    localStorage.setItem(`${name}:${article}`, JSON.stringify({ ...value, at: Date.now() }));
    for (const old of articles(name).slice(MOST_ARTICLES)) forget(name, old);
  } catch {
    // A browser that keeps nothing, or has no room, starts anew each time.
  }
}

/**
 * The articles of which something is kept under a name, those that were read last first.
 * @param {string} name
 */
export function articles(name) {
  try {
    const found = Object.keys(localStorage).filter((key) => key.startsWith(`${name}:`)).map((key) => key.slice(name.length + 1));
    const times = new Map(found.map((article) => [article, recall(name, article)?.at ?? 0]));
    return found.sort((a, b) => (times.get(b) ?? 0) - (times.get(a) ?? 0));
  } catch {
    return [];
  }
}

/** @param {string} name @param {string} article */
export function forget(name, article) {
  localStorage.removeItem(`${name}:${article}`);
}
