/**
 * Every page for every role: who may is written down here a second time, from what was promised and not from the code, and the product
 * is asked. A route that is not in this table fails, and so does a line of the table that there is no route for.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MEMBER_PERMISSIONS } from "../../src/records/services/member-store.ts";
import { routes } from "../../src/servers/admin/routes.ts";
import { type AdminAnswer, startAdmin, type TestAdmin } from "../support/admin.ts";
import { type Populated, populate, type Visitor } from "../support/populated.ts";
import { createWorld, type World } from "../support/world.ts";

/** X signed out · P owes a second factor · N in no service · M member · S D T G K with one permission · O of the organisation · A platform administrator */
const ROLES = ["X", "P", "N", "M", "S", "D", "T", "G", "K", "O", "A"] as const;
type Role = (typeof ROLES)[number];

const EVERYBODY = "XPNMSDTGKOA";
const SIGNED_IN = "NMSDTGKOA";
const MEMBERS = "MSDTGKA";

/** Below `/services/:sid`. */
const SERVICE_PAGES: readonly [allowed: string, routes: readonly string[]][] = [
  // Home, templates, team: whoever belongs to the service, or to its organisation.
  [
    `${MEMBERS}O`,
    [
      "GET ",
      "GET /templates",
      "GET /templates/folders/:fid",
      "GET /templates/:tid",
      "GET /templates/:tid/preview",
      "GET /templates/:tid/letter.pdf",
      "GET /templates/:tid/versions",
      "GET /templates/:tid/versions/:version",
      "GET /templates/:tid/versions/:version/preview",
      "GET /templates/:tid/versions/:version/letter.pdf",
      "GET /email-logo",
      "GET /team",
    ],
  ],
  // Usage, and lists to take away: whoever manages the service, and its organisation's people.
  ["GOA", ["GET /usage", "GET /usage.csv", "GET /usage/templates.csv", "GET /usage/countries.csv", "GET /team.csv"]],
  // Sent messages: whoever belongs to the service.
  [
    MEMBERS,
    [
      "GET /messages",
      "GET /uploaded-letters",
      "POST /messages",
      ...both("/messages/views/new"),
      ...both("/messages/views/:vid"),
      "POST /messages/views/:vid/delete",
    ],
  ],
  // The dashboard's figures also for whoever answers for the service.
  ["DGA", ["GET /trend.csv", "GET /quality", "GET /quality.csv", "GET /alerts"]],
  ["DA", [...both("/inbox"), "GET /inbox.csv", "GET /inbox/:id", "GET /unsubscribe-requests"]],
  [
    "DA",
    [
      "GET /unsubscribe-requests.csv",
      "GET /complaints",
      "GET /returned-letters",
      "GET /returned-letters/:day",
      "GET /returned-letters/:day/letters.csv",
    ],
  ],
  ["DGA", [...both("/suppressions"), "GET /suppressions.csv", ...both("/number-lookup")]],
  // Whom the service writes to.
  [
    "SGA",
    [
      ...both("/contacts"),
      "GET /contacts/:cid",
      "GET /contacts/groups",
      "GET /contacts/groups/:gid",
      "GET /contacts/groups/:gid/messages/:mid",
      "GET /contacts/areas",
    ],
  ],
  // What the service alone can say: that it has acted on them.
  ["D", ["POST /unsubscribe-requests/completions"]],
  // How far it is with whom.
  ["D", ["POST /inbox/:id/reading", "POST /inbox/:id/assignment", "POST /inbox/:id/closing"]],
  // Whoever sends may ask for what is held to go; who manages the service agrees.
  ["SGA", ["GET /held", "POST /held/:tid/request"]],
  // One message.
  ["SDA", ["GET /messages/:nid", "GET /messages/:nid/pages", "GET /messages/:nid/letter.pdf"]],
  // People who are reached by several steps.
  ["SDA", ["GET /reach", "GET /reach/:rid"]],
  // Sending: never a platform administrator who is no member.
  [
    "S",
    [
      "GET /send",
      "GET /send/:tid",
      "POST /send/:tid",
      ...both("/send/:tid/preview"),
      ...both("/send/upload-letter"),
      ...both("/send/upload-letter/:uid"),
      "GET /send/upload-letter/:uid/pages",
      "GET /send/upload-letter/:uid/letter.pdf",
      "POST /send/upload-letter/:uid/deletion",
      "GET /send/:tid/:did/pages",
      "GET /send/:tid/:did/letter.pdf",
      "GET /send/:tid/:did",
      "POST /send/:tid/:did",
      "GET /send/:tid/:did/check",
      "POST /send/:tid/:did/check",
      "POST /inbox/:id/replies",
      ...both("/contacts/groups/:gid/messages/new"),
      "POST /contacts/groups/:gid/messages/:mid/cancellation",
      "POST /contacts/groups/:gid/messages/:mid/resumption",
      "POST /inbox/:id/texts",
    ],
  ],
  // Calling off what was to be sent, and stopping files that were.
  ["SA", ["POST /reach/:rid/cancellation"]],
  ["SA", ["POST /messages/:nid/cancellation", "POST /messages/:nid/files/:did/blocking"]],
  // Writing templates.
  [
    "TA",
    [
      "POST /templates/moves",
      "POST /templates/folders",
      "GET /templates/folders/:fid/manage",
      "POST /templates/folders/:fid/manage",
      "GET /templates/folders/:fid/delete",
      "POST /templates/folders/:fid/delete",
      "GET /templates/new",
      "POST /templates/new",
      "GET /templates/new/copy",
      "POST /templates/new/copy",
      "GET /templates/new/:channel",
      "POST /templates/new/:channel",
      "GET /templates/preview",
      "POST /templates/preview",
      ...both("/templates/:tid/files"),
      ...both("/templates/:tid/files/:fid"),
      ...both("/templates/:tid/files/:fid/remove"),
      "GET /templates/:tid/files/:fid/preview",
      ...both("/templates/:tid/files/:fid/preview/confirm-email-address"),
      "GET /templates/:tid/files/:fid/preview/download",
      "GET /templates/:tid/files/:fid/preview/file",
      ...both("/templates/:tid/attach-pages"),
      ...both("/templates/:tid/attach-pages/remove"),
      "GET /templates/:tid/rename",
      "POST /templates/:tid/rename",
      "GET /templates/:tid/delete",
      "POST /templates/:tid/delete",
      "POST /templates/:tid/return",
      "GET /templates/:tid/hide-personalisation",
      "GET /templates/:tid/keeping",
      "POST /templates/:tid/keeping",
      ...both("/templates/:tid/whatsapp"),
      "POST /templates/:tid/hide-personalisation",
      "GET /templates/:tid/edit",
      "POST /templates/:tid/edit",
      "POST /templates/:tid/draft",
      "POST /templates/:tid/draft/delete",
      "GET /templates/:tid/draft/preview",
      "POST /templates/:tid/versions/:version/restore",
    ],
  ],
  // Settings and team: whoever manages the service.
  [
    "GA",
    [
      ...both("/settings/name"),
      ...both("/settings/retention"),
      ...both("/settings/email-sender"),
      "GET /settings/email-sender/preview",
      ...both("/settings/failing-templates"),
      ...both("/settings/budget"),
      "POST /alerts",
      "POST /alerts/removals",
      "POST /alerts/secrets",
      "POST /alerts/secrets/endings",
      ...both("/settings/repeat-guard"),
      ...both("/settings/quiet-hours"),
      ...both("/settings/content-rules"),
      "POST /settings/content-rules/removals",
      ...both("/settings/flood-guard"),
      "POST /settings/flood-guard/removals",
      "POST /settings/flood-guard/lifts",
      ...both("/settings/undo"),
      ...both("/settings/release"),
      "POST /held/:tid/approval",
      "POST /held/:tid/rejection",
      ...both("/settings/suppression"),
      ...both("/suppressions/new"),
      "GET /contacts.csv",
      ...both("/contacts/new"),
      ...both("/contacts/import"),
      ...both("/contacts/import/:did"),
      ...both("/contacts/:cid/edit"),
      ...both("/contacts/:cid/delete"),
      "POST /contacts/:cid/consents",
      "POST /contacts/:cid/withdrawal",
      "POST /contacts/:cid/suppression",
      "POST /contacts/:cid/release",
      "POST /contacts/groups",
      "POST /contacts/groups/:gid/name",
      ...both("/contacts/groups/:gid/delete"),
      "POST /contacts/groups/:gid/members",
      "POST /contacts/groups/:gid/members/:cid/delete",
      ...both("/contacts/areas/new"),
      ...both("/contacts/areas/:aid"),
      ...both("/contacts/areas/:aid/delete"),
      ...both("/suppressions/import"),
      "POST /suppressions/:id/release",
      ...both("/settings/send-files-by-email"),
      ...both("/settings/emails"),
      ...both("/settings/text-messages"),
      ...both("/settings/letters"),
      ...both("/settings/chat-messages"),
      ...both("/settings/international-letters"),
      ...["email", "letter"].flatMap((channel) => brandChoicePages(`/settings/${channel}-branding`)),
      ...both("/settings/letter-contacts/add"),
      ...both("/settings/letter-contacts/:id"),
      ...both("/settings/letter-contacts/:id/remove"),
      ...both("/settings/text-prefix"),
      ...both("/settings/text-mode"),
      ...both("/settings/international-text-messages"),
      ...both("/settings/country-codes"),
      ...both("/settings/roaming-numbers"),
      ...both("/settings/receive-text-messages"),
      ...both("/settings/free-text-replies"),
      ...both("/settings/replies"),
      ...both("/settings/keywords"),
      ...both("/settings/text-senders/add"),
      ...both("/settings/text-senders/requests/:rid/code"),
      ...both("/settings/text-senders/requests/:rid/proof"),
      "POST /settings/text-senders/requests/:rid/withdrawal",
      ...both("/settings/text-senders/groups/new"),
      ...both("/settings/text-senders/groups/:gid"),
      "POST /settings/text-senders/groups/:gid/removal",
      ...both("/settings/text-senders/:id/registration"),
      ...both("/settings/text-senders/:id/registration/:country"),
      ...both("/settings/text-senders/applications/:aid"),
      "POST /settings/text-senders/applications/:aid/withdrawal",
      ...both("/settings/text-senders/:id"),
      ...both("/settings/text-senders/:id/remove"),
      ...both("/settings/reply-to/add"),
      ...both("/settings/reply-to/:id"),
      ...both("/settings/reply-to/:id/remove"),
      ...both("/settings/delete"),
      ...both("/team/invite"),
      "POST /team/invitations/:iid/resend",
      "POST /team/invitations/:iid/cancel",
      ...both("/team/:uid"),
      ...both("/team/:uid/remove"),
      ...both("/join-requests/:id"),
      ...both("/go-live"),
      "POST /go-live/answers",
      ...both("/go-live/name"),
      ...both("/go-live/volumes"),
      "GET /audit",
    ],
  ],
  // Limits are the platform's to set.
  ["A", both("/settings/limits")],
  // Read also by whoever integrates: they need the ids.
  ["GKA", ["GET /settings", "GET /settings/text-senders", "GET /settings/reply-to", "GET /settings/letter-contacts"]],
  // The API integration.
  [
    "KA",
    [
      "GET /developers",
      "GET /developers/requests",
      "GET /developers/messages",
      "GET /developers/verifications",
      "GET /developers/keys",
      ...both("/developers/keys/:kid/terms"),
      ...both("/developers/keys/:kid/revoke"),
      "GET /developers/callbacks",
      "POST /developers/callbacks/attempts/:aid/replay",
      ...both("/developers/callbacks/new"),
      ...both("/developers/callbacks/:eid"),
      "POST /developers/callbacks/:eid/test",
      "POST /developers/callbacks/:eid/resumption",
      ...both("/developers/callbacks/:eid/remove"),
      ...both("/developers/guest-list"),
      "GET /developers/smpp",
      ...both("/developers/smpp/:account/terms"),
      ...both("/developers/smpp/:account/revoke"),
      "GET /settings/connections",
      "GET /settings/connections/:cid",
      ...both("/settings/connections/:cid/edit"),
      ...both("/settings/connections/:cid/try"),
      "POST /settings/connections/:cid/switch",
      ...both("/settings/connections/:cid/delete"),
      "POST /messages/:nid/callbacks",
    ],
  ],
  // A new key is a way to send.
  ["K", [...both("/developers/keys/new"), ...both("/developers/keys/:kid/rotate")]],
  [
    "K",
    [
      ...both("/settings/connections/new"),
      ...both("/settings/connections/new/:kind/:tid"),
      ...both("/settings/connections/:cid/secret"),
    ],
  ],
  ["K", [...both("/developers/smpp/new"), ...both("/developers/smpp/:account/password")]],
];

const OTHER_PAGES: readonly [allowed: string, routes: readonly string[]][] = [
  [
    EVERYBODY,
    [
      ...both("/sign-in"),
      "GET /sign-in/single-sign-on",
      "GET /sign-in/single-sign-on/callback",
      ...both("/email-auth/:token"),
      ...both("/forgot-password"),
      "GET /forgot-password/check-inbox",
      ...both("/new-password/:token"),
      ...both("/register"),
      "GET /register/check-inbox",
      ...both("/verify-email/:token"),
      ...both("/invitation/:token"),
      ...both("/organisation-invitation/:token"),
      ...both("/account/email/confirm/:token"),
      ...both("/reply-to/:vid/:token"),
      "GET /accessibility",
      "GET /privacy",
      "GET /security",
      "GET /.well-known/security.txt",
      "GET /trial-mode",
      "POST /theme",
    ],
  ],
  [
    "P",
    [
      ...both("/sign-in/verify"),
      "POST /sign-in/verify/codes",
      "POST /sign-in/verify/links",
      "POST /sign-in/verify/passkey-options",
    ],
  ],
  [
    SIGNED_IN,
    [
      "GET /live",
      "POST /sign-out",
      ...both("/shortcuts"),
      "GET /services",
      ...both("/services/new"),
      "GET /services/join",
      ...both("/services/join/:id"),
      "GET /account",
      ...both("/account/name"),
      "POST /account/platform-view",
      ...both("/account/email"),
      ...both("/account/mobile"),
      ...both("/account/mobile/code"),
      ...both("/account/mobile/removal"),
      ...both("/account/password"),
      "GET /account/second-factors",
      ...both("/account/second-factors/text"),
      ...both("/account/second-factors/text/code"),
      ...both("/account/second-factors/email-link"),
      ...both("/account/second-factors/:kind/removal"),
      ...both("/account/second-factors/app"),
      ...both("/account/passkeys/new"),
      "POST /account/passkeys/options",
      ...both("/account/passkeys/:id/name"),
      ...both("/account/passkeys/:id/removal"),
      ...both("/account/recovery-codes"),
      "GET /account/sessions",
      "POST /account/sessions/ended",
      "POST /account/sessions/others-ended",
    ],
  ],
  // An organisation's own people; these ones may make its services live.
  [
    "OA",
    [
      "GET /orgs/:oid",
      "GET /orgs/:oid/usage.csv",
      "GET /orgs/:oid/balance",
      "GET /orgs/:oid/team",
      ...both("/orgs/:oid/team/invite"),
      "POST /orgs/:oid/team/invitations/:iid/resend",
      "POST /orgs/:oid/team/invitations/:iid/cancel",
      ...both("/orgs/:oid/team/:uid"),
      "POST /orgs/:oid/team/:uid/remove",
      "GET /orgs/:oid/approvals",
      ...both("/orgs/:oid/approvals/:rid"),
    ],
  ],
  [
    "A",
    [
      ...both("/orgs/:oid/settings"),
      "POST /orgs/:oid/balance/entries",
      "POST /orgs/:oid/balance/rules",
      ...["email", "letter"].flatMap((channel) => poolPages(`/orgs/:oid/${channel}-branding`)),
      ...["email", "letter"].flatMap((channel) => sharedBrandPages(`/platform/${channel}-branding`)),
      "GET /platform/sandbox",
      "GET /platform/sandbox/emails/:eid",
      "POST /platform/sandbox/texts",
      "POST /platform/sandbox/chats/:cid/answers",
      "GET /platform/sandbox/letters/:lid",
      "POST /platform/sandbox/letters/:lid/return",
      "POST /platform/sandbox/print-runs",
      ...both("/platform/search"),
      "GET /platform/services",
      "GET /platform/services/:id",
      "POST /platform/services/:id/limits",
      "POST /platform/services/:id/mode",
      "POST /platform/services/:id/suspension",
      "POST /platform/services/:id/organisation",
      ...both("/platform/organisations"),
      "GET /platform/users",
      "GET /platform/users/:id",
      ...both("/platform/users/:id/second-factors"),
      ...both("/platform/users/:id/archive"),
      "GET /platform/providers",
      ...both("/platform/providers/routes"),
      ...both("/platform/providers/routes/new"),
      ...both("/platform/providers/routes/:id"),
      ...both("/platform/providers/routes/:id/removal"),
      ...platformSenderPages(),
      "GET /platform/number-lookups",
      "POST /platform/number-lookups/:id/switch",
      ...both("/platform/number-lookups/new"),
      ...both("/platform/number-lookups/:id"),
      "POST /platform/number-lookups/:id/removal",
      ...both("/platform/numbers"),
      ...both("/platform/prices"),
      "POST /platform/prices/removals",
      "POST /platform/prices/chats",
      "GET /platform/prices/comparison",
      ...both("/platform/prices/rates"),
      "POST /platform/prices/rates/removals",
      "GET /platform/quality",
      ...both("/platform/alerts"),
      "POST /platform/alerts/removals",
      "POST /platform/alerts/secrets",
      "POST /platform/alerts/secrets/endings",
      "GET /platform/quality.csv",
      "POST /platform/numbers/removals",
      ...both("/platform/numbers/:number/release"),
      ...both("/platform/numbers/:number/keywords"),
      ...both("/platform/reports"),
      ...both("/platform/providers/:id/settings"),
      ...both("/platform/providers/:id/switch"),
      "GET /platform/complaints",
      "GET /platform/approvals",
      ...both("/platform/approvals/:id"),
      ...both("/platform/audit"),
      "GET /platform/audit.csv",
      "GET /platform/health",
      "GET /platform/settings",
      ...both("/platform/settings/audit"),
      ...both("/platform/settings/currency"),
      ...both("/platform/settings/registration"),
      ...both("/platform/settings/repeat-guard"),
      ...both("/platform/settings/content-rules"),
      "POST /platform/settings/content-rules/removals",
      ...both("/platform/settings/flood-guard"),
      "POST /platform/settings/flood-guard/removals",
      "POST /platform/settings/flood-guard/lifts",
      ...both("/platform/settings/single-sign-on"),
    ],
  ],
];

function both(url: string): [string, string] {
  return [`GET ${url}`, `POST ${url}`];
}

function platformSenderPages(): string[] {
  const url = "/platform/senders";
  const lists = ["countries/:country", "names/:id", "shared/:id"].flatMap((one) => {
    const [list = ""] = one.split("/");
    return [
      `GET ${url}/${list}`,
      ...both(`${url}/${list}/new`),
      ...both(`${url}/${one}`),
      `POST ${url}/${one}/removal`,
    ];
  });
  const applications = [`GET ${url}/applications`, ...both(`${url}/applications/:id`)];
  const registrations = [`GET ${url}/registrations`, ...both(`${url}/registrations/:id`)];
  return [
    `GET ${url}`,
    ...both(`${url}/approval`),
    ...both(`${url}/requests/:id`),
    ...applications,
    ...registrations,
    ...lists,
  ];
}

function brandChoicePages(url: string): string[] {
  const chosen = `${url}/choices/:choice`;
  return [
    ...[...both(url), `GET ${url}/preview`, ...both(`${url}/own`), `POST ${url}/own/remove`],
    ...[...both(chosen), `GET ${chosen}/preview`, `GET ${chosen}/logo`],
  ];
}

function poolPages(url: string): string[] {
  return [...both(url), `POST ${url}/default`, `POST ${url}/removals`];
}

function sharedBrandPages(url: string): string[] {
  const one = `${url}/:id`;
  return [
    ...[`GET ${url}`, ...both(`${url}/new`), ...both(one), `POST ${one}/archive`],
    ...[`GET ${one}/preview`, `GET ${one}/logo`],
  ];
}

/** By method and address: the roles that may. */
const TABLE = new Map<string, string>([
  ...SERVICE_PAGES.flatMap(([allowed, names]) =>
    names.map((name) => [name.replace(" ", " /services/:sid"), allowed] as const),
  ),
  ...OTHER_PAGES.flatMap(([allowed, names]) => names.map((name) => [name, allowed] as const)),
]);

const nameOf = ({ method, url }: { method: string; url: string }) => `${method} ${url}`;

let world: World;
let admin: TestAdmin;
let populated: Populated;
const visitors = new Map<Role, Visitor>();

beforeAll(async () => {
  world = await createWorld();
  admin = await startAdmin(world.app);
  populated = await populate(world, admin);
  const { service: own, person } = populated;
  visitors.set("X", populated.stranger());
  visitors.set("P", await person({ in: own, permissions: MEMBER_PERMISSIONS, stage: "password-given" }));
  visitors.set("N", await person({ in: await world.service({ name: "Elsewhere" }), permissions: MEMBER_PERMISSIONS }));
  visitors.set("M", await person({ in: own }));
  visitors.set("S", await person({ in: own, permissions: ["send_messages"] }));
  visitors.set("D", await person({ in: own, permissions: ["view_activity"] }));
  visitors.set("T", await person({ in: own, permissions: ["manage_templates"] }));
  visitors.set("G", await person({ in: own, permissions: ["manage_service"] }));
  visitors.set("K", await person({ in: own, permissions: ["manage_api_keys"] }));
  visitors.set("O", await person({ inOrganisation: true }));
  visitors.set("A", await person({ isPlatformAdmin: true }));
});
afterAll(async () => {
  await admin?.close();
  await world?.close();
});

function visitorOf(role: Role): Visitor {
  const visitor = visitors.get(role);
  if (!visitor) throw new Error(`nobody plays ${role}`);
  return visitor;
}

/** Turned away: asked to sign in, told that there is nothing, or that they may not. Anything else has reached what is behind. */
function isTurnedAway({ status, location }: AdminAnswer): boolean {
  if (status === 303) return location?.split("?")[0] === "/sign-in";
  return status === 401 || status === 403 || status === 404;
}

const rolesOf = (name: string, isAllowed: boolean) =>
  ROLES.filter((role) => (TABLE.get(name) ?? "").includes(role) === isAllowed);

const names = [...new Set(routes.map(nameOf))];
const gets = names.filter((name) => name.startsWith("GET ") && name !== "GET /live");
const posts = names.filter((name) => name.startsWith("POST "));

describe("the table of who may (49)", () => {
  it("has a line for every page there is, and no page that there is not", () => {
    expect({
      missing: names.filter((name) => !TABLE.has(name)),
      left: [...TABLE.keys()].filter((name) => !names.includes(name)),
    }).toEqual({
      missing: [],
      left: [],
    });
    console.log(
      `role sweep: ${names.length} pages and forms for ${ROLES.length} roles, ${names.length * ROLES.length} combinations`,
    );
  });
});

/** All at once would only wait for one another; one file asks them in the order of the table. */
describe("turned away is who may not (49)", () => {
  it.each(gets)("%s", async (name) => {
    for (const role of rolesOf(name, false)) {
      const visitor = visitorOf(role);
      const answer = await visitor.get(visitor.pathOf(name.slice(4)));
      expect([role, answer.status, answer.location, isTurnedAway(answer)]).toEqual([
        role,
        answer.status,
        answer.location,
        true,
      ]);
    }
  });

  it.each(posts)("%s", async (name) => {
    for (const role of rolesOf(name, false)) {
      const visitor = visitorOf(role);
      const answer = await visitor.post(visitor.pathOf(name.slice(5)));
      expect([role, answer.status, answer.location, isTurnedAway(answer)]).toEqual([
        role,
        answer.status,
        answer.location,
        true,
      ]);
    }
  });
});

describe("let in is who may (49)", () => {
  it.each(gets)("%s", async (name) => {
    for (const role of rolesOf(name, true)) {
      const visitor = visitorOf(role);
      const answer = await visitor.get(visitor.pathOf(name.slice(4)));
      const isLetIn = EMPTY_HANDED.has(name) ? answer.status < 500 : !isTurnedAway(answer) && answer.status < 400;
      expect([role, answer.status, answer.location, isLetIn]).toEqual([role, answer.status, answer.location, true]);
    }
  });

  /** Forms change what the next one needs, so they come last, and each is only asked not to turn its people away for who they are. */
  it.each(posts.toSorted((a, b) => Number(ENDS.test(a)) - Number(ENDS.test(b))))("%s", async (name) => {
    const [role] = rolesOf(name, true);
    if (role === undefined) return;
    const visitor = visitorOf(role);
    const answer = await visitor.post(visitor.pathOf(name.slice(5)));
    expect([role, answer.status < 500]).toEqual([role, true]);
    if (answer.status === 403)
      expect([name, answer.text.includes("You do not have permission")]).toEqual([name, false]);
  });
});

/** What ends a session, an account's way in, or the service itself. */
const ENDS = /sign-out|ended|archive|platform-view|settings\/delete|second-factors|suspension|password|team\/:uid/;

/** Open to these people, with nothing there for them to see until something has happened before. */
const EMPTY_HANDED = new Set<string>([
  "GET /sign-in/single-sign-on",
  "GET /sign-in/single-sign-on/callback",
  "GET /verify-email/:token",
  // Somebody else's: who has signed in is told so.
  "GET /invitation/:token",
  "GET /organisation-invitation/:token",
  "GET /security",
  "GET /.well-known/security.txt",
]);
