// @ts-check
/** Makes the moderators' desk, which works without it, fast: the next item at once, keys, what others do as it happens. */

import "./deskwords.js";
import { startCases } from "./cases.js";
import { startChannel } from "./channel.js";
import { startChoosing } from "./choosing.js";
import { startDecisions } from "./decisions.js";
import { startShortcuts } from "./shortcuts.js";

startChannel();
startDecisions();
startChoosing();
startShortcuts();
startCases();
