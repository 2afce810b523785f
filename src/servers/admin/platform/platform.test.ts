import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Person, startAdmin, type TestAdmin } from "../../../../test/support/admin.ts";
import { createWorld, type World, type WorldService } from "../../../../test/support/world.ts";
import { createOrganisation } from "../../../flow/people/organisations.ts";
import { newId, newRandomId } from "../../../platform/ids.ts";
import { listAudit } from "../../../records/audit/audit-store.ts";
import { findOrMakeDeployment } from "../../../records/deployment/deployment-store.ts";
import { findSingleSignOn, getRegistrationRule } from "../../../records/deployment/people-settings.ts";
import { insertGoLiveRequest } from "../../../records/go-live/go-live-store.ts";
import { endCanary, insertCanaryIfDue } from "../../../records/providers/canary-store.ts";
import { changeCircuit } from "../../../records/providers/circuit-store.ts";
import { insertProvider } from "../../../records/providers/provider-write-store.ts";
import { insertRoute, NEW_ROUTE } from "../../../records/routes/route-store.ts";
import { findServiceFacts } from "../../../records/services/service-overview-store.ts";
import { insertFactor, listFactors } from "../../../records/sign-in/factor-store.ts";
import { platformRoutes } from "./platform.ts";

let world: World;
let admin: TestAdmin;
let service: WorldService;
let operator: Person;
let providerId: string;
let routeId: string;

beforeAll(async () => {
  world = await createWorld();
  const { db, keys } = world.app;
  await findOrMakeDeployment(db, { id: newId(), masterKeyFingerprint: keys.master.fingerprint });
  admin = await startAdmin(world.app);
  service = await world.service({ name: "Northwold Libraries", isTrial: true });
  operator = await admin.person({ name: "Olu Operator", isPlatformAdmin: true });
  [providerId, routeId] = [newId(), newId()];
  await db.transaction(async (tx) => {
    const settings = { host: "127.0.0.1", port: 2775, systemId: "us" };
    const record = { id: providerId, name: "fenland-mobile", channel: "sms", kind: "smpp", settings } as const;
    await insertProvider(tx, keys.master, { ...record, secrets: {}, isSandbox: false, isActive: true });
    const route = { ...NEW_ROUTE, id: routeId, channel: "sms", providerId, keyKinds: ["live"] } as const;
    await insertRoute(tx, { ...route, name: "fenland", weight: 50 });
  });
});
afterAll(async () => {
  await admin.close();
  await world.close();
});

async function askToGoLive(name: string): Promise<{ id: string; serviceId: string; requester: Person }> {
  const asking = await world.service({ name, isTrial: true });
  const requester = await admin.person({ in: asking, permissions: ["manage_service"], name: "Rosa Requester" });
  const request = { id: newId(), serviceId: asking.id, requestedBy: requester.userId, createdAt: world.clock.now() };
  await world.app.db.transaction((tx) => insertGoLiveRequest(tx, request));
  return { id: request.id, serviceId: asking.id, requester };
}

describe("the pages of the platform", () => {
  const pages = platformRoutes.filter(({ method, url }) => method === "GET" && !url.includes(":"));

  it.each(pages.map(({ url }) => url))("%s opens for its administrators and is not there for others", async (url) => {
    expect((await operator.get(url)).status).toBe(200);
    const member = await admin.person({ in: service, permissions: ["manage_service"] });
    expect((await member.get(url)).status).toBe(404);
    expect((await admin.stranger().get(url)).status).toBe(303);
  });

  it("are in the navigation", async () => {
    const { text } = await operator.get("/platform/health");
    for (const place of ["search", "services", "organisations", "users", "providers", "approvals", "audit", "settings"])
      expect(text).toContain(`href="/platform/${place}"`);
  });

  it.each(["services", "users", "approvals", "providers/routes"])(
    "say when there is no such thing: %s",
    async (list) => {
      expect((await operator.get(`/platform/${list}/${newId()}`)).status).toBe(404);
      expect((await operator.get(`/platform/${list}/nonsense`)).status).toBe(404);
    },
  );
});

describe("searching", () => {
  it.each([
    ["service", () => service.id, () => `/platform/services/${service.id}`],
    ["person", () => operator.userId, () => `/platform/users/${operator.userId}`],
    ["provider", () => providerId, () => "/platform/providers"],
  ])("for the id of a %s leads straight to it", async (_, id, place) => {
    const answer = await operator.post("/platform/search", { text: ` ${id().toUpperCase()} ` });
    expect([answer.status, answer.location]).toEqual([303, place()]);
  });

  it("for a part of a name or an address lists what has it, with nothing of it in an address", async () => {
    const byName = await operator.post("/platform/search", { text: "northwold" });
    expect([byName.status, byName.location]).toEqual([200, null]);
    expect(byName.text).toContain(`href="/platform/services/${service.id}"`);
    const byAddress = await operator.post("/platform/search", { text: operator.emailAddress });
    expect(byAddress.text).toContain(`href="/platform/users/${operator.userId}"`);
  });

  it("for an id of nothing, or too little, says so", async () => {
    expect((await operator.post("/platform/search", { text: newRandomId() })).text).toContain("Nothing was found");
    const short = await operator.post("/platform/search", { text: "n" });
    expect([short.status, short.text]).toEqual([400, expect.stringContaining("at least 2 characters")]);
  });
});

const OTHERS = { dailyLimitLetter: "1", dailyLimitChat: "1", contactsMax: "1" };

describe("a service", () => {
  const page = () => `/platform/services/${service.id}`;

  it("is listed with its state, and left out by the filters that it does not fit", async () => {
    expect((await operator.get("/platform/services?state=trial")).text).toContain("Northwold Libraries");
    expect((await operator.get("/platform/services?state=suspended")).text).not.toContain("Northwold Libraries");
  });

  it("is given limits, written as people write numbers", async () => {
    const limits = {
      rateLimitPerMinute: "1,500",
      dailyLimitSms: "2 000",
      dailyLimitEmail: "0",
      dailyLimitInternationalSms: "5",
      dailyLimitLetter: "30",
      dailyLimitChat: "40",
      contactsMax: "50,000",
    };
    expect((await operator.post(`${page()}/limits`, limits)).location).toBe(page());
    expect(await findServiceFacts(world.app.db, service.id)).toMatchObject({
      rateLimitPerMinute: 1500,
      dailyLimitSms: 2000,
      dailyLimitEmail: 0,
      dailyLimitInternationalSms: 5,
      dailyLimitLetter: 30,
      dailyLimitChat: 40,
      contactsMax: 50_000,
    });
  });

  it("keeps its limits when one of the new ones is no number", async () => {
    const before = await findServiceFacts(world.app.db, service.id);
    const limits = { rateLimitPerMinute: "many", dailyLimitSms: "1", dailyLimitEmail: "-1", ...OTHERS };
    const answer = await operator.post(`${page()}/limits`, limits);
    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining("There is a problem")]);
    expect(answer.text).toContain('value="many"');
    expect(answer.text.match(/href="#\w+Limit\w*|href="#rateLimit\w+/g)).toHaveLength(3);
    expect(await findServiceFacts(world.app.db, service.id)).toEqual(before);
  });

  it("is made live and put back", async () => {
    const isTrial = async () => (await findServiceFacts(world.app.db, service.id))?.isTrial;
    await operator.post(`${page()}/mode`, { mode: "live" });
    expect(await isTrial()).toBe(false);
    await operator.post(`${page()}/mode`, { mode: "trial" });
    expect(await isTrial()).toBe(true);
    expect((await operator.post(`${page()}/mode`, {})).status).toBe(400);
  });

  it("is suspended and resumed, which the log knows", async () => {
    await operator.post(`${page()}/suspension`, { state: "suspended" });
    expect((await operator.get(page())).text).toContain("Resume sending");
    await operator.post(`${page()}/suspension`, { state: "sending" });
    const entries = await listAudit(world.app.db, { serviceId: service.id, limit: 2 });
    expect(entries.map(({ action, actor }) => [action, actor])).toEqual([
      ["service.resumed", operator.userId],
      ["service.suspended", operator.userId],
    ]);
  });

  it("is given to an organisation and taken from it", async () => {
    const actor = { userId: operator.userId, ip: undefined };
    const organisationId = await createOrganisation(world.app, actor, "Northwold Council");
    await operator.post(`${page()}/organisation`, { organisationId });
    expect((await findServiceFacts(world.app.db, service.id))?.organisation).toBe("Northwold Council");
    await operator.post(`${page()}/organisation`, { organisationId: "" });
    expect((await findServiceFacts(world.app.db, service.id))?.organisation).toBeUndefined();
    expect((await operator.post(`${page()}/organisation`, { organisationId: newId() })).status).toBe(404);
  });
});

describe("an organisation", () => {
  it("is added once", async () => {
    expect((await operator.post("/platform/organisations", { name: "Fenland Health" })).status).toBe(303);
    expect((await operator.get("/platform/organisations")).text).toContain("Fenland Health");
    const again = await operator.post("/platform/organisations", { name: "Fenland Health" });
    expect([again.status, again.text]).toEqual([400, expect.stringContaining("Another organisation has this name")]);
  });
});

describe("a person", () => {
  it("is shown with services and sessions", async () => {
    const member = await admin.person({ in: service, permissions: ["manage_templates"], name: "Tess Template" });
    const { text } = await operator.get(`/platform/users/${member.userId}`);
    for (const words of ["Northwold Libraries", "Manages templates", "127.0.0.1", "the password alone"])
      expect(text).toContain(words);
  });

  it("who is locked out loses every second factor, and every session", async () => {
    const lost = await admin.person({ name: "Lena Lost" });
    const factor = { userId: lost.userId, kind: "email-link", now: world.clock.now() } as const;
    await world.app.db.transaction((tx) => insertFactor(tx, factor));
    expect((await operator.get(`/platform/users/${lost.userId}/second-factors`)).text).toContain("Lena Lost");
    const answer = await operator.post(`/platform/users/${lost.userId}/second-factors`);
    expect(answer.location).toBe(`/platform/users/${lost.userId}`);
    expect(await listFactors(world.app.db, lost.userId)).toEqual([]);
    expect((await lost.get("/services")).status).toBe(303);
  });

  it("who has left is taken from every team and cannot sign in; their name stays in the log", async () => {
    const gone = await admin.person({ name: "Gil Gone", in: service, permissions: ["manage_templates"] });
    const url = `/platform/users/${gone.userId}`;
    expect((await operator.get(url)).text).toContain(`href="${url}/archive"`);
    expect((await operator.get(`${url}/archive`)).text).toContain("Take away the account of Gil Gone");
    expect((await operator.post(`${url}/archive`)).location).toBe("/platform/users");
    expect((await gone.get("/services")).status).toBe(303);
    expect((await operator.get(url)).status).toBe(404);
    const [last] = await listAudit(world.app.db, { limit: 1 });
    expect(last).toMatchObject({ action: "user.archived", subjectName: "Gil Gone" });
  });

  it("whom a service cannot do without stays, and the service is named", async () => {
    const parks = await world.service({ name: "Northwold Parks", isTrial: true });
    const alone = await admin.person({ name: "Ana Alone", in: parks, permissions: ["manage_service"] });
    const answer = await operator.post(`/platform/users/${alone.userId}/archive`);
    expect([answer.status, answer.text]).toEqual([
      400,
      expect.stringContaining("Northwold Parks: The last team member"),
    ]);
    expect((await alone.get("/services")).status).toBe(200);
  });

  it("does not take their own account away", async () => {
    expect((await operator.post(`/platform/users/${operator.userId}/archive`)).status).toBe(403);
  });

  it("does not do that to themselves", async () => {
    expect((await operator.post(`/platform/users/${operator.userId}/second-factors`)).status).toBe(403);
  });
});

describe("a provider", () => {
  it("is shown with the routes that lead to it", async () => {
    const { text } = await operator.get("/platform/providers");
    for (const words of ["fenland-mobile", "No worker reports it", "position 100, weight 50", `routes/${routeId}`])
      expect(text).toContain(words);
  });

  it("in trouble is shown with why, and with the canary that did not arrive", async () => {
    const { db } = world.app;
    const trouble = { kind: "silent", share: 1, messages: 1_200 } as const;
    const to = { state: "open", share: 0, trouble, openings: 1, changedAt: world.clock.now() } as const;
    await changeCircuit(db, providerId, { from: undefined, to });
    const canary = { id: newId(), providerId, sentAt: world.clock.now() };
    await insertCanaryIfDue(db, canary, world.clock.now());
    await endCanary(db, canary.id, { outcome: "failed", code: "DLV:005", at: world.clock.now() });
    const { text } = await operator.get("/platform/health");
    for (const words of ["Takes trials only", "It took 1,200 messages and reported on none", "Did not arrive: DLV:005"])
      expect(text).toContain(words);
    expect(text).toMatch(/since <time[\s\S]*sent <time/);
    expect((await operator.get("/platform/providers")).text).toMatch(/It took 1,200 messages[^<]*since <time/);
  });

  it("is switched off and on with a reason", async () => {
    const url = `/platform/providers/${providerId}/switch`;
    expect((await operator.post(url, { state: "off", reason: " " })).status).toBe(400);
    expect((await operator.post(url, { state: "off", reason: "Planned work" })).location).toBe("/platform/providers");
    expect((await operator.get("/platform/providers")).text).toContain("Switched off");
    await operator.post(url, { state: "on", reason: "Work done" });
    expect((await operator.post(url, { reason: "No state" })).status).toBe(400);
  });
});

describe("a request to go live", () => {
  it("is answered with a note, and then approved", async () => {
    const { id, serviceId } = await askToGoLive("Northwold Clinic");
    expect((await operator.get("/platform/approvals")).text).toContain("Northwold Clinic");
    await operator.post(`/platform/approvals/${id}`, { decision: "comment", comment: "Which texts will you send?" });
    expect((await operator.get(`/platform/approvals/${id}`)).text).toContain("Which texts will you send?");
    expect((await operator.get(`/platform/services/${serviceId}`)).text).toContain("Which texts will you send?");
    const answer = await operator.post(`/platform/approvals/${id}`, { decision: "approve", comment: "" });
    expect(answer.location).toBe("/platform/approvals");
    expect((await findServiceFacts(world.app.db, serviceId))?.isTrial).toBe(false);
    const again = await operator.post(`/platform/approvals/${id}`, { decision: "refuse", comment: "Too late" });
    expect([again.status, again.text]).toEqual([400, expect.stringContaining("decided before")]);
  });

  it("is refused only with a word about why", async () => {
    const { id, serviceId } = await askToGoLive("Northwold Tax");
    expect((await operator.post(`/platform/approvals/${id}`, { decision: "refuse", comment: " " })).status).toBe(400);
    await operator.post(`/platform/approvals/${id}`, { decision: "refuse", comment: "Choose a name that says whose" });
    expect((await findServiceFacts(world.app.db, serviceId))?.isTrial).toBe(true);
    expect((await operator.get("/platform/approvals")).text).toContain("Refused by Olu Operator");
  });
});

describe("the audit log", () => {
  it("is filtered by service and person, found by name, with ids alone in the address", async () => {
    const answer = await operator.post("/platform/audit", {
      service: "northwold libraries",
      person: operator.emailAddress,
    });
    expect(answer.location).toBe(`/platform/audit?service=${service.id}&person=${operator.userId}`);
    const { text } = await operator.get(answer.location ?? "");
    expect(text).toContain("service.suspended");
    expect(text).not.toContain("organisation.created");
    expect((await operator.get(`/platform/audit?person=${newId()}`)).text).toContain("There is no entry");
  });

  it("says when nobody, or not one alone, is called so", async () => {
    const answer = await operator.post("/platform/audit", { service: "Nowhere", person: "a" });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain("the ID of one service");
    expect(answer.text).toContain("ID of one person");
  });

  it("goes on where its page ends", async () => {
    const clerk = await admin.person({ isPlatformAdmin: true });
    for (let made = 0; made < 51; made += 1)
      await operator.post("/platform/organisations", { name: `Parish Council ${made}` });
    const first = await operator.get(`/platform/audit?person=${operator.userId}`);
    const next = /rel="next" href="([^"]+)"/.exec(first.text)?.[1]?.replaceAll("&amp;", "&") ?? "";
    expect((await operator.get(next)).text).toContain("service.suspended");
    expect((await clerk.get(`/platform/audit?person=${clerk.userId}`)).text).not.toContain('rel="next"');
    const list = await operator.get("/platform/organisations");
    const second = /rel="next" href="([^"]+)"/.exec(list.text)?.[1] ?? "";
    expect((await operator.get(second)).status).toBe(200);
  });
});

describe("the audit log, to take away", () => {
  it("is a table of what the page shows, whole, with what a spreadsheet would run made harmless", async () => {
    await operator.post("/platform/organisations", { name: "=1+1" });
    const { text, headers } = await operator.get(`/platform/audit.csv?person=${operator.userId}`);
    expect(headers.get("content-disposition")).toBe('attachment; filename="audit.csv"');
    const [heads, ...rows] = text.trim().split("\r\n");
    expect(heads).toBe("id,time,actor,actor name,address,service,service name,action,subject,before,after");
    expect(rows.length).toBeGreaterThan(51);
    expect(rows[0]).toMatch(new RegExp(`^[\\da-f-]{36},20[^,]+Z,${operator.userId},Olu Operator,127.0.0.1,,,`));
    expect(rows[0]).toContain("organisation.created");
    expect(text).not.toContain(",=1+1");
    expect((await operator.get(`/platform/audit.csv?person=${newId()}`)).text.trim().split("\r\n")).toHaveLength(1);
  });

  it("is kept for a year, or as long as the operator says", async () => {
    const url = "/platform/settings/audit";
    expect((await operator.get(url)).text).toContain('value="365"');
    for (const days of ["29", "3651", "a month", ""]) {
      const refused = await operator.post(url, { days });
      expect([refused.status, refused.text]).toEqual([400, expect.stringContaining("a whole number from 30 to 3650")]);
    }
    expect((await operator.post(url, { days: "90" })).location).toBe("/platform/settings");
    expect((await operator.get("/platform/settings")).text).toContain("Kept for 90 days");
    const [{ action, before, after } = {}] = await listAudit(world.app.db, { limit: 1 });
    expect({ action, before, after }).toEqual({
      ...{ action: "deployment.audit-days-changed", before: { days: 365 }, after: { days: 90 } },
    });
  });
});

describe("who may make an account", () => {
  const URL = "/platform/settings/registration";

  it("is set, and the domains are checked", async () => {
    const wrong = await operator.post(URL, { rule: "domains", domains: "not a domain!" });
    expect([wrong.status, wrong.text]).toEqual([400, expect.stringContaining("is not a domain")]);
    expect((await operator.post(URL, { rule: "domains", domains: "" })).text).toContain("at least one domain");
    expect((await operator.post(URL, { rule: "everybody" })).status).toBe(400);
    await operator.post(URL, { rule: "domains", domains: "Example.gov.uk\r\nexample.nhs.uk, example.gov.uk" });
    const rule = { kind: "domains", domains: ["example.gov.uk", "example.nhs.uk"] };
    expect(await getRegistrationRule(world.app.db)).toEqual(rule);
    expect((await operator.get(URL)).text).toContain("example.nhs.uk");
  });
});

describe("single sign-on", () => {
  const URL = "/platform/settings/single-sign-on";
  const current = () => findSingleSignOn(world.app.db, world.app.keys.master);
  const good = {
    issuer: "https://login.example.gov.uk",
    clientId: "pennypost",
    clientSecret: "a secret of ours",
    allowedDomains: "example.gov.uk",
  };

  it("is refused while something is missing or the issuer is not safe", async () => {
    const empty = await operator.post(URL, {});
    expect([empty.status, empty.text.match(/href="#\w+"/g)?.filter((link) => link !== 'href="#main"').length]).toEqual([
      400, 3,
    ]);
    expect((await operator.post(URL, { ...good, issuer: "http://login.example.gov.uk" })).status).toBe(400);
    expect((await operator.post(URL, { ...good, allowedDomains: "" })).status).toBe(400);
    expect(await current()).toBeUndefined();
  });

  it("is set up, keeps its secret when none is given, never shows it, and is removed", async () => {
    await operator.post(URL, good);
    await operator.post(URL, { ...good, clientSecret: "", clientId: "renamed" });
    expect(await current()).toMatchObject({ clientId: "renamed", clientSecret: "a secret of ours" });
    const shown = [
      await operator.get(URL),
      await operator.post(URL, { ...good, issuer: "" }),
      await operator.get("/platform/audit"),
    ];
    for (const { text } of shown) expect(text).not.toContain("a secret of ours");
    await operator.post(URL, { removal: "yes" });
    expect(await current()).toBeUndefined();
  });
});
