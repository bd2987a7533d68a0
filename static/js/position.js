// @ts-check
/**
 * Keeps what a person looks at where it is: the field they write in, and the comment at mid-screen. Every change
 * that scripts make to the page goes through `hold`; what changes by itself (fonts, pictures, the window's
 * width) is caught before the frame is painted.
 *
 * The wished-for place is remembered from the last time the person scrolled, not measured anew at each change:
 * a browser that rounds scroll offsets to whole pixels would otherwise drift by half a pixel each time.
 */

/** @typedef {{element: Element, top: number}} Anchor */

const PINNED_FOR = 500;

/** What is held, the most important first. @type {Anchor[]} */
let anchors = [];
/** The scroll offset that we know of; another one means that the person has scrolled. */
let known = 0;
/** Room added below the page so that it can be scrolled as far as holding needs. @type {HTMLElement | null} */
let slack = null;
let depth = 0;
/** Between pressing and letting go nothing may move, or the click would be lost. */
let isPressed = false;
/** What the person has just pressed or asked for: held before anything else. @type {Element | null} */
let pinned = null;
let pinTimer = 0;
/** @type {HTMLElement[]} */
const fillers = [];

/** Takes over from the browser's own scroll anchoring, which holds what is at the top of the window. */
export function startHolding() {
  document.documentElement.style.overflowAnchor = "none";
  addEventListener("scroll", scrolled, { passive: true });
  document.addEventListener("focusin", pick);
  document.addEventListener("focusout", () => setTimeout(release));
  for (const event of ["pointerdown", "keydown"]) document.addEventListener(event, press, { capture: true });
  for (const event of ["pointerup", "pointercancel"]) document.addEventListener(event, () => setTimeout(letGo));
  new ResizeObserver(resized).observe(document.body);
  pick();
}

/**
 * Makes a change and puts what is held back in its place, in the same frame.
 *
 * With a field and a comment both on screen, a change between the two would move one of them. Then a change that
 * shrinks is filled up by `fill`, and one that grows is taken back by `undo`, to be tried again on "settled".
 * @param {() => void} change
 * @param {{fill?: (filler: HTMLElement) => void, undo?: () => void}} [between]
 * @returns {boolean} whether the change stands
 */
export function hold(change, { fill, undo } = {}) {
  if (depth === 0 && scrollY !== known) pick();
  const before = distance();
  let stands = true;
  depth += 1;
  try {
    change();
    const grown = before === null ? 0 : (distance() ?? before) - before;
    if (grown > 0.5 && undo) {
      undo();
      stands = false;
    } else if (grown < -0.5 && fill) {
      fillUp(-grown, fill);
    }
  } finally {
    depth -= 1;
  }
  if (depth === 0) settle();
  return stands;
}

/**
 * Holds this element for the change to come: something that the person asked for there.
 * @param {Element} element
 */
export function pin(element) {
  pinned = element;
  pick();
  clearTimeout(pinTimer);
  pinTimer = setTimeout(unpin, PINNED_FOR);
}

function unpin() {
  pinned = null;
  pick();
}

/**
 * Whether an element is on screen, at least in part.
 * @param {Element} element
 */
export function onScreen(element) {
  const box = element.getBoundingClientRect();
  return box.bottom > 0 && box.top < innerHeight && box.height > 0;
}

/** Notes what is to be held from now on, after putting back what has moved until now. */
export function pick() {
  if (depth) return;
  if (anchors.length && scrollY === known) settle();
  const field = document.activeElement;
  anchors = atMiddle().map(anchor);
  if (field instanceof HTMLTextAreaElement && onScreen(field)) anchors.unshift(anchor(field));
  if (pinned?.isConnected) anchors.unshift(anchor(pinned));
  known = scrollY;
}

/** The comment at mid-screen (the one that spans it, else the last that begins above it), then the one above that. */
function atMiddle() {
  const middle = innerHeight / 2;
  /** @type {Element[]} */
  const above = [];
  for (const comment of document.querySelectorAll("[data-comment]")) {
    const { top, bottom } = held(comment).getBoundingClientRect();
    if (bottom <= top) continue;
    if (top > middle && comment.checkVisibility()) break;
    above.push(comment);
  }
  return above.reverse().slice(0, 50).filter((comment) => comment.checkVisibility()).slice(0, 2);
}

/** Of a comment its `<article>`, whichever stands there just now: it is swapped when the comment changes. @param {Element} element */
function held(element) {
  return element.querySelector(":scope > article") ?? element;
}

/** @param {Element} element */
function top(element) {
  return held(element).getBoundingClientRect().top;
}

/** @param {Element} element @returns {Anchor} */
function anchor(element) {
  return { element, top: top(element) };
}

/** How far apart the field and the comment are, the upper from the lower; null unless both are held. */
function distance() {
  const index = anchors.findIndex(({ element }) => element instanceof HTMLTextAreaElement);
  const [field, comment] = anchors.slice(index);
  if (index < 0 || !field.element.isConnected || !comment?.element.isConnected) return null;
  return Math.sign(comment.top - field.top) * (top(comment.element) - top(field.element));
}

/** Scrolls by as much as the first held element has been moved. */
function settle() {
  anchors = anchors.filter(({ element }) => element.isConnected && element.checkVisibility());
  if (!anchors.length) {
    pick();
    return;
  }
  const off = () => top(anchors[0].element) - anchors[0].top;
  if (Math.abs(off()) >= 0.5) {
    scrollBy({ top: off(), behavior: "instant" });
    if (off() >= 1) lengthen(off());
  }
  known = scrollY;
}

/** The end of the page was reached: add room. @param {number} missing */
function lengthen(missing) {
  slack ??= document.body.appendChild(document.createElement("div"));
  slack.style.blockSize = `${slack.offsetHeight + Math.ceil(missing)}px`;
  scrollBy({ top: missing, behavior: "instant" });
}

/** Something has changed its height that we did not change. */
function resized() {
  const end = document.documentElement.scrollHeight - innerHeight;
  const cut = scrollY < known && scrollY >= end - 1;
  if (!depth && (scrollY === known || cut)) settle();
}

function scrolled() {
  if (scrollY === known) return;
  const beyond = document.documentElement.scrollHeight - innerHeight - scrollY;
  if (slack?.offsetHeight && beyond > 0) slack.style.blockSize = `${Math.max(0, slack.offsetHeight - beyond)}px`;
  pick();
  document.dispatchEvent(new Event("settled"));
}

/** @param {number} height @param {(filler: HTMLElement) => void} place */
function fillUp(height, place) {
  const filler = document.createElement("div");
  filler.style.blockSize = `${height}px`;
  place(filler);
  fillers.push(filler);
}

/** The field was left: only the comment is held, so what waited for that can be done. */
function release() {
  if (isPressed || document.activeElement instanceof HTMLTextAreaElement) return;
  pick();
  hold(() => fillers.splice(0).forEach((filler) => filler.remove()));
  document.dispatchEvent(new Event("settled"));
}

/** What is pressed stays under the finger, while it is pressed and while it opens or closes something. @param {Event} event */
function press(event) {
  if (event instanceof KeyboardEvent && event.key !== "Enter" && event.key !== " ") return;
  isPressed = event.type === "pointerdown";
  const pressed = event.target instanceof Element && event.target.closest("summary, button, a");
  if (pressed) pin(pressed);
}

function letGo() {
  isPressed = false;
  release();
}
