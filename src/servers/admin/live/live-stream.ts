/** `GET /live?topic=…&topic=…`: what happens to what a browser is showing. A topic that its person may not see is left out. */
import type { MemberPermission } from "../../../records/sessions/session-store.ts";
import type { Answer } from "../http/answer.ts";
import { mayInService } from "../http/guard.ts";
import { type Route, route } from "../http/route.ts";
import type { SignedIn, UserVisit } from "../http/visit.ts";

const TOPICS_MAX = 20;
/** `service.{id}.{noun}`, and which of them where there are many. */
const SERVICE_TOPIC = /^service\.([\da-f-]{36})\.([a-z-]+)(?:\.[\da-z-]{1,36})?$/;
/** What belongs to no service is for platform administrators. */
const PLATFORM_TOPIC = /^platform\./;

/** What a service's topics are about, and which permission shows it; any of several. */
const SHOWN_WITH: Readonly<Record<string, readonly MemberPermission[]>> = {
  counters: ["view_activity", "manage_service"],
  message: ["view_activity", "send_messages"],
  "message-list": ["view_activity", "send_messages"],
  inbox: ["view_activity"],
  "api-log": ["manage_api_keys"],
  callbacks: ["manage_api_keys"],
};

export const liveRoutes: readonly Route[] = [
  route({ method: "GET", url: "/live", who: "signed-in", handler: streamEvents }),
];

function streamEvents({ admin, visitor, query, headers }: UserVisit): Answer {
  const topics = query.getAll("topic").slice(0, TOPICS_MAX);
  const lastSeen = headers["last-event-id"] ?? query.get("after") ?? undefined;
  return {
    status: 200,
    headers: {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
      "x-accel-buffering": "no", // else a proxy would keep events until it has many
    },
    body: admin.live.open({
      topics: topics.filter((topic) => maySee(visitor, topic)),
      after: typeof lastSeen === "string" ? lastSeen : undefined,
      session: visitor.session.id.toString("hex"),
    }),
  };
}

/** Whether someone may be told of a topic. */
function maySee(visitor: SignedIn, topic: string): boolean {
  if (PLATFORM_TOPIC.test(topic)) return visitor.isPlatformAdmin;
  const [, serviceId = "", noun = ""] = SERVICE_TOPIC.exec(topic) ?? [];
  return (SHOWN_WITH[noun] ?? []).some((permission) => mayInService(visitor, serviceId, permission));
}
