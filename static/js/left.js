// @ts-check
/** Where one reads is kept, and the next visit may go on from there. */

import { articlePath, discussion, find, goTo } from "./comments.js";
import { hold } from "./position.js";
import { leftAt, noteRead } from "./reading.js";

/** As long as a new comment must be on screen to count as seen. */
const READ_AFTER = 2000;

const link = /** @type {HTMLAnchorElement | null} */ (document.querySelector("[data-left]"));

export function startLeft() {
  let timer = 0;
  addEventListener("scroll", () => {
    clearTimeout(timer);
    timer = setTimeout(noteMiddle, READ_AFTER);
  }, { passive: true });
  if (link) offer(link);
}

/** The comment at mid-screen is the one that is being read. */
function noteMiddle() {
  if (document.hidden) return;
  const comment = document.elementFromPoint(innerWidth / 2, innerHeight / 2)?.closest("[data-comment][data-state=visible]");
  const id = Number(comment?.getAttribute("data-comment"));
  if (id && discussion?.contains(comment ?? null)) noteRead(id);
}

/** A guest's place is known here alone; what is on the page is gone to in place. @param {HTMLAnchorElement} link */
function offer(link) {
  const id = leftAt();
  if (!id) return;
  if (link.hidden) {
    hold(() => {
      link.href = find(id) ? `${articlePath()}${location.search}#comment-${id}` : `/comments/${id}`;
      link.hidden = false;
      if (link.parentElement) link.parentElement.hidden = false;
    });
  }
  link.addEventListener("click", (event) => {
    const comment = find(id);
    if (!comment || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    goTo(comment);
  });
}
