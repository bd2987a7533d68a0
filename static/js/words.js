// @ts-check
/**
 * The sentences that scripts say. English stands here; a page may bring others in
 * `<template data-words>{"replies": {"one": "…", "other": "…"}, "close": "…"}</template>`.
 * A sentence with a number is an object by plural category (Intl.PluralRules); `{n}` is the number.
 */

/** @typedef {string | {[category: string]: string}} Sentence */

/** @type {{[name: string]: Sentence}} */
const english = {
  answeredDeleted: "The comment you answer was deleted by its author.",
  answeredEdited: "The comment you answer was edited.",
  answeredGone: "The comment you answer is gone. Your text is kept here until you close it.",
  answeredRemoved: "The comment you answer was removed by a moderator.",
  branchClosedDraft: "No more replies are taken here. Your draft is kept.",
  busy: "Too many people are here just now. Your text is kept. Post it again in a minute.",
  close: "Close",
  closed: "This discussion is closed. You can read it, not write in it.",
  closedDraft: "This discussion was closed. Your draft is kept.",
  commentsOff: "Comments on this article have been turned off.",
  comments: { one: "{n} comment", other: "{n} comments" },
  continueHere: "Continue where you left",
  conversation: "See it in the conversation",
  draftKept: "Draft kept",
  edited: "Your earlier text was posted already. Look for it below before you post this one too.",
  failed: "This could not be posted. Your text is kept. Post it again in a minute.",
  furtherNew: "The next new comment is further down.",
  justNow: "just now",
  keysHelp: "Keys",
  keysNext: "next comment",
  keysPrevious: "previous comment",
  keysParent: "the comment it answers",
  keysNew: "next new comment",
  keysReply: "reply",
  keysCollapse: "fold or unfold the replies",
  keysAsk: "this list",
  keysOn: "Use these keys",
  length: "{n} of {most}",
  live: "Live",
  loading: "Loading",
  moreReplies: { one: "{n} more reply", other: "{n} more replies" },
  new: "New",
  newComments: { one: "{n} new comment", other: "{n} new comments" },
  newElsewhere: { one: "{n} new", other: "{n} new" },
  newInBranch: { one: ", {n} new", other: ", {n} new" },
  newReplies: { one: "{n} new reply", other: "{n} new replies" },
  nextNew: { one: "Next new, {n}", other: "Next new, {n}" },
  noAnswer: "No answer came. Your text is kept. Post it again: it will appear only once.",
  noneNew: "Nothing new",
  notLoaded: "This did not load. Try again.",
  notPublished: "This article is no longer published.",
  notVoted: "Your vote was not counted. Try again.",
  offline: "Offline",
  offlineDraft: "You are offline. Your text is kept. Post it again when you are back.",
  otherReplies: { one: "{n} more reply has come.", other: "{n} more replies have come." },
  picks: { one: "Picks, {n}", other: "Picks, {n}" },
  posted: "Your comment is posted.",
  postComment: "Post comment",
  posting: "Posting",
  postReply: "Post reply",
  preview: "Preview",
  previewClose: "Close preview",
  reading: { one: "{n} reading", other: "{n} reading" },
  reconnecting: "Reconnecting",
  replies: { one: "{n} reply", other: "{n} replies" },
  show: "Show",
  showNew: "Show it",
  someoneReplies: "Someone is replying",
  someoneWrites: "Someone is writing a comment",
  signedOut: "You are signed out. Your draft is kept.",
  signIn: "Sign in",
  tooLong: "This is longer than {most} characters. Shorten it, then post it.",
  warned: "A moderator has something to say to you:",
  warningRead: "I have read this.",
  you: "You",
  yourReply: "Your reply",
};

/** The page's language, as its root element says. */
export const language = document.documentElement.lang || "en";

const plural = new Intl.PluralRules(language);
const figures = new Intl.NumberFormat(language);

/** @type {{[name: string]: Sentence}} */
const sentences = { ...english, ...overrides() };

/**
 * Sentences that only some pages say; what the page brings itself stays.
 * @param {{[name: string]: Sentence}} more
 */
export function learn(more) {
  Object.assign(sentences, { ...more, ...sentences });
}

/** @returns {{[name: string]: Sentence}} */
function overrides() {
  const element = document.querySelector("template[data-words]");
  if (!(element instanceof HTMLTemplateElement)) return {};
  try {
    return JSON.parse(element.content.textContent || "{}");
  } catch {
    return {};
  }
}

/** A number as the page's language writes it. @param {number} number */
export function figure(number) {
  return figures.format(number);
}

/**
 * A sentence in the page's language, with `{name}` filled in from `values`; `n` chooses the plural.
 * @param {string} name
 * @param {{[name: string]: string | number}} [values]
 */
export function say(name, values = {}) {
  const sentence = sentences[name] ?? name;
  const text = typeof sentence === "string" ? sentence : sentence[plural.select(Number(values.n))] ?? sentence.other;
  return text.replace(/\{(\w+)\}/g, (whole, key) => {
    const value = values[key];
    return typeof value === "number" ? figures.format(value) : value ?? whole;
  });
}
