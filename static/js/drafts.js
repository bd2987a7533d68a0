// @ts-check
/**
 * Unsent texts, kept in the browser for each article, parent and account: they outlive a reload, a lost connection and
 * signing in again. With each goes the key that makes the server store it once, however often it is sent.
 */

import { discussion } from "./comments.js";
import { handle } from "./viewer.js";

/** @typedef {{body: string, key: string, at: number}} Draft */

const KEPT_FOR = 30 * 24 * 3600 * 1000;

/** Whoever was signed in when the page was loaded: who is signed out meanwhile finds the draft again. */
const owner = handle() ?? "";

/** @param {string} parent  the comment that is answered, or "" */
function place(parent) {
  return `draft:${discussion?.dataset.article ?? location.pathname}:${parent}:${owner}`;
}

/**
 * The draft for this place, if one is kept.
 * @param {string} parent
 * @returns {Draft | null}
 */
export function draftFor(parent) {
  try {
    const draft = JSON.parse(localStorage.getItem(place(parent)) ?? "null");
    return draft && Date.now() - draft.at < KEPT_FOR ? draft : null;
  } catch {
    return null;
  }
}

/**
 * Keeps a draft; an empty one is forgotten.
 * @param {string} parent
 * @param {string} body
 * @param {string} key
 * @returns {boolean} false where the browser keeps nothing (full, or forbidden)
 */
export function keepDraft(parent, body, key) {
  try {
    if (body.trim()) localStorage.setItem(place(parent), JSON.stringify({ body, key, at: Date.now() }));
    else localStorage.removeItem(place(parent));
    return true;
  } catch {
    return false;
  }
}

/** @param {string} parent */
export function forgetDraft(parent) {
  keepDraft(parent, "", "");
}

/** The parents that this viewer has begun to answer in this article. */
export function parentsWithDraft() {
  const [start, end] = place("\n").split("\n");
  try {
    return Object.keys(localStorage)
      .filter((name) => name.startsWith(start) && name.endsWith(end))
      .map((name) => name.slice(start.length, name.length - end.length))
      .filter((parent) => parent && draftFor(parent));
  } catch {
    return [];
  }
}

/** A new key: 128 random bits. */
export function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
