/** Messages that were sent, and each of them. */
import { type Route, route } from "../http/route.ts";
import { findMessages, listMessages } from "./list-messages.ts";
import { setFileBlocking } from "./message-files.ts";
import { downloadLetter, showPages } from "./show-letter.ts";
import { cancelScheduledMessage, replayReceipt, showMessage } from "./show-message.ts";
import { viewRoutes } from "./views.ts";

const MESSAGES = "/services/:sid/messages";
const MAY_OPEN = { permission: ["view_activity", "send_messages"] } as const;

export const messageRoutes: readonly Route[] = [
  route({ method: "GET", url: MESSAGES, who: "member", handler: listMessages }),
  route({ method: "POST", url: MESSAGES, who: "member", handler: findMessages }),
  ...viewRoutes,
  route({ method: "GET", url: `${MESSAGES}/:nid`, who: MAY_OPEN, handler: showMessage }),
  route({ method: "POST", url: `${MESSAGES}/:nid/files/:did/blocking`, who: MAY_OPEN, handler: setFileBlocking }),
  route({ method: "GET", url: `${MESSAGES}/:nid/pages`, who: MAY_OPEN, handler: showPages }),
  route({ method: "GET", url: `${MESSAGES}/:nid/letter.pdf`, who: MAY_OPEN, handler: downloadLetter }),
  route({ method: "POST", url: `${MESSAGES}/:nid/cancellation`, who: MAY_OPEN, handler: cancelScheduledMessage }),
  route({
    method: "POST",
    url: `${MESSAGES}/:nid/callbacks`,
    who: { permission: "manage_api_keys" },
    handler: replayReceipt,
  }),
];
