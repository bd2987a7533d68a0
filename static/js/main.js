// @ts-check
/** Starts the rest on a page that works without it. */

import { startAnnouncing } from "./announce.js";
import { startArrivals } from "./arrivals.js";
import { startBranches } from "./branches.js";
import { discussion } from "./comments.js";
import { startClosing } from "./closing.js";
import { startComposers } from "./composer.js";
import { startCounting } from "./counts.js";
import { startElsewhere } from "./elsewhere.js";
import { startFolds } from "./folds.js";
import { startKeys } from "./keys.js";
import { startLeft } from "./left.js";
import { startLinks } from "./links.js";
import { startLive } from "./live.js";
import { startMenus } from "./menus.js";
import { startMore } from "./more.js";
import { startNotices } from "./notices.js";
import { startPace } from "./pace.js";
import { startPins } from "./pins.js";
import { startPlace } from "./place.js";
import { startHolding } from "./position.js";
import { hasNews, startReading } from "./reading.js";
import { startRestoring } from "./restoring.js";
import { startSeeing } from "./seen.js";
import { startTimes } from "./times.js";
import { handle, startViewer } from "./viewer.js";
import { startVotes } from "./votes.js";
import { startWaiting } from "./waiting.js";

startViewer();
startReading();
startVotes();
if (handle() !== undefined) import("./voting.js").then(({ startVoting }) => startVoting());
startTimes();
startComposers();
// What only those need who write is there before they do: by then the server may be away.
if (document.querySelector("[data-composer]")) import("./preview.js").then(({ startPreview }) => startPreview());
if (!CSS.supports("field-sizing", "content")) import("./grow.js").then(({ startGrowing }) => startGrowing());
startMenus();
if (document.querySelector("[data-comment]") || discussion) startKeys();
if (discussion) {
  startHolding();
  startFolds();
  startCounting();
  startSeeing();
  startBranches();
  startWaiting();
  startArrivals();
  startAnnouncing();
  startElsewhere();
  startNotices();
  startPlace();
  startClosing();
  startPace();
  startPins();
  startMore();
  startLeft();
  startRestoring();
  startLinks();
  startLive();
  if (handle() !== undefined) import("./reply.js").then(({ startReplies }) => startReplies());
  if (hasNews()) startNext();
  for (const event of ["comment-new", "waiting-changed"]) discussion.addEventListener(event, noteNews);
}

/** Something is new on the page, or waits to be shown. @param {Event} event */
function noteNews(event) {
  if (/** @type {CustomEvent} */ (event).detail?.count !== 0) startNext();
}

/** Most first visits do without. */
async function startNext() {
  (await import("./next.js")).startNext();
}
