/** Addresses of GOV.UK Notify's own admin that people have in documents and bookmarks, and where the same is found here. */

interface Moved {
  from: string;
  to: string;
  /** The route that answers there; while there is none, nothing is sent to it. */
  target: string;
}

const SERVICE = "/services/:sid";

const inService = (from: string, to: string, target = to): Moved => ({
  from: `${SERVICE}/${from}`,
  to: `${SERVICE}/${to}`,
  target: `${SERVICE}/${target}`,
});

const SETTINGS: readonly (readonly [theirs: string, ours: string])[] = [
  ["name", "name"],
  ["email-reply-to", "reply-to"],
  ["email-reply-to/add", "reply-to/add"],
  ["sms-sender", "text-senders"],
  ["sms-sender/add", "text-senders/add"],
  ["send-files-by-email", "send-files-by-email"],
  ["receive-text-messages", "receive-text-messages"],
  ["set-data-retention", "retention"],
  ["email-sender", "email-sender"],
  ["sms-prefix", "text-prefix"],
  ["set-sms", "text-messages"],
  ["set-email", "emails"],
  ["set-international-sms", "international-text-messages"],
  ["archive", "delete"],
];

export const NOTIFY_PATHS: readonly Moved[] = [
  { from: "/accounts", to: "/services", target: "/services" },
  { from: "/your-services", to: "/services", target: "/services" },
  { from: "/accounts-or-dashboard", to: "/services", target: "/services" },
  { from: "/add-service", to: "/services/new", target: "/services/new" },
  { from: "/add-service/name-your-service", to: "/services/new", target: "/services/new" },
  { from: "/join-a-service/choose", to: "/services/join", target: "/services/join" },
  { from: "/using-notify/trial-mode", to: "/trial-mode", target: "/trial-mode" },
  { from: "/organisations/:oid", to: "/orgs/:oid", target: "/orgs/:oid" },
  { from: "/organisations/:oid/users", to: "/orgs/:oid/team", target: "/orgs/:oid/team" },
  { from: "/organisations/:oid/users/invite", to: "/orgs/:oid/team/invite", target: "/orgs/:oid/team/invite" },
  { from: "/organisations/:oid/settings", to: "/orgs/:oid/settings", target: "/orgs/:oid/settings" },
  { from: "/your-account", to: "/account", target: "/account" },
  { from: "/platform-admin", to: "/platform/search", target: "/platform/search" },
  { from: "/two-factor-sms", to: "/sign-in/verify", target: "/sign-in/verify" },
  inService("service-settings", "settings"),
  ...SETTINGS.map(([theirs, ours]) => inService(`service-settings/${theirs}`, `settings/${ours}`)),
  inService("service-settings/request-to-go-live", "go-live"),
  inService("notification/:id", "messages/:id", "messages/:nid"),
  inService("notifications", "messages"),
  inService("notifications/:channel", "messages?channel=:channel", "messages"),
  inService("api", "developers"),
  inService("api/keys", "developers/keys"),
  inService("api/keys/create", "developers/keys/new"),
  inService("api/guest-list", "developers/guest-list"),
  inService("api/whitelist", "developers/guest-list"),
  inService("api/callbacks", "developers/callbacks"),
  inService("conversation/:id", "inbox/:id", "inbox/:cid"),
  inService("monthly", "usage"),
  inService("unsubscribe-requests/summary", "unsubscribe-requests"),
  inService("unsubscribe-requests/reports/latest", "unsubscribe-requests"),
  inService("users", "team"),
  inService("users/invite", "team/invite"),
  inService("users/:id", "team/:id", "team/:uid"),
  inService("join-request/:id/approve", "join-requests/:id"),
  inService("make-your-service-live", "go-live"),
  inService("make-your-service-live/confirm-service-unique", "go-live/name"),
  inService("service-settings/request-to-go-live/estimate-usage", "go-live/volumes"),
  inService("make-service-live", "go-live"),
  inService("history", "audit"),
];

/** Those whose page there is, whatever its route calls its parameters. */
export function movedPaths(urls: ReadonlySet<string>): readonly Moved[] {
  const shapes = new Set([...urls].map(shapeOf));
  return NOTIFY_PATHS.filter(({ target, from }) => shapes.has(shapeOf(target)) && !shapes.has(shapeOf(from)));
}

/** Where an old address leads, with its own values. */
export function newPath({ to }: Moved, params: Readonly<Record<string, string>>): string {
  return to.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ""));
}

function shapeOf(url: string): string {
  return url.replace(/:\w+/g, ":");
}
