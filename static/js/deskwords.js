// @ts-check
/** The sentences that only the moderators' desk says. */

import { learn } from "./words.js";

learn({
  approveChosen: { one: "Approve {n} chosen", other: "Approve {n} chosen" },
  deciding: "Sending",
  deskApprove: "approve, or leave it as it is",
  deskArrived: { one: "{n} more has come", other: "{n} more have come" },
  deskBan: "ban its author",
  deskClosed: "You do not moderate here any more. Nothing that you do on this page is stored.",
  deskNext: "next",
  deskPrevious: "previous",
  deskRemove: "remove: choose the reason, then Enter",
  deskUndo: "undo the last",
  deskWarn: "warn its author",
  dismissChosen: { one: "Dismiss {n} chosen", other: "Dismiss {n} chosen" },
  hasOpen: "{name} has this open",
  lookAtIt: "Look at it",
  notDecided: "No answer came, and perhaps nothing was done. Look at it again.",
  removeChosen: { one: "Remove {n} chosen", other: "Remove {n} chosen" },
  signedOutDesk: "You are signed out. Nothing that you do on this page is stored.",
  undone: "Undone.",
});
