// @ts-check
/** Sets of comments' ids as ranges, in few bytes: what `forum/reading/ranges.py` does, and tells how the text is made. */

/** First and last id of each, ascending. @typedef {[first: number, last: number][]} Ranges */

const MOST_RANGES = 200;
const TEXT = /^\d{1,16}(-\d{1,16})?(,\d{1,16}(-\d{1,16})?)*$/;

/**
 * The ranges that a text stands for; none where it stands for none.
 * @param {string} text
 * @returns {Ranges}
 */
export function parse(text) {
  if (!TEXT.test(text)) return [];
  let end = 0;
  /** @type {Ranges} */
  const ranges = text.split(",").map((part) => {
    const [step, more = 0] = part.split("-").map(Number);
    const first = end + step;
    end = first + more;
    return [first, end];
  });
  return Number.isSafeInteger(end) ? bounded(union(ranges)) : [];
}

/**
 * The ranges as text.
 * @param {Ranges} ranges
 */
export function encode(ranges) {
  let before = 0;
  const parts = ranges.map(([first, last]) => {
    const part = last > first ? `${first - before}-${last - first}` : `${first - before}`;
    before = last;
    return part;
  });
  return parts.join(",");
}

/**
 * All that is in any of them.
 * @param {...Ranges} many
 * @returns {Ranges}
 */
export function union(...many) {
  /** @type {Ranges} */
  const joined = [];
  for (const [first, last] of many.flat().sort(([a], [b]) => a - b)) {
    const before = joined.at(-1);
    if (before && first <= before[1] + 1) before[1] = Math.max(before[1], last);
    else joined.push([first, last]);
  }
  return joined;
}

/**
 * Whether the number is in one of them.
 * @param {Ranges} ranges
 * @param {number} number
 */
export function contains(ranges, number) {
  return ranges.some(([first, last]) => first <= number && number <= last);
}

/**
 * So many ranges at most: the gaps that are oldest close, as if what is in them had been seen.
 * @param {Ranges} ranges
 * @param {number} [most]
 * @returns {Ranges}
 */
export function bounded(ranges, most = MOST_RANGES) {
  const beyond = ranges.length - most;
  return beyond > 0 ? [[ranges[0][0], ranges[beyond][1]], ...ranges.slice(beyond + 1)] : ranges;
}
