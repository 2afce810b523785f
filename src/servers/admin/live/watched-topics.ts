/** Topics that are asked for while somebody looks (`http/watches.ts`), by what they are called. */
import type { App } from "../../../flow/app.ts";
import { watchCounters } from "../dashboard/watch-counters.ts";
import type { WatchedTopics } from "../http/watches.ts";
import { watchInbox } from "../inbox/watch-inbox.ts";
import { watchMessages } from "../messages/watch-messages.ts";
import { watchReach } from "../reach/watch-reach.ts";
import { watchSandbox } from "../sandbox/watch-sandbox.ts";

export function watchedTopics(app: Pick<App, "db" | "clock">): WatchedTopics {
  return (topic) =>
    watchCounters(app, topic) ??
    watchMessages(app, topic) ??
    watchInbox(app, topic) ??
    watchReach(app, topic) ??
    watchSandbox(app, topic);
}
