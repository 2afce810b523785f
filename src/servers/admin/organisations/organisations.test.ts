import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Person, startAdmin, type TestAdmin } from "../../../../test/support/admin.ts";
import { createPeopleWorld, HERE, type PeopleWorld } from "../../../../test/support/people.ts";
import type { WorldService } from "../../../../test/support/world.ts";
import { dayOf } from "../../../core/calendar/home-day.ts";
import { confirmNameUnique, requestGoLive, setYearlyVolumes } from "../../../flow/people/go-live.ts";
import { changeOrganisation, createOrganisation, getOrganisation } from "../../../flow/people/organisations.ts";
import { linkToOrganisation } from "../../../flow/people/platform.ts";
import { listPendingInvitations } from "../../../records/invitations/invitation-store.ts";
import {
  listOrganisationMembers,
  putOrganisationMember,
} from "../../../records/organisations/organisation-people-store.ts";

let world: PeopleWorld;
let admin: TestAdmin;
let operator: Person;
let approver: Person;
let member: Person;
let organisationId: string;
let url: string;
let made = 0;
beforeAll(async () => {
  world = await createPeopleWorld();
  admin = await startAdmin(world.app);
  operator = await admin.person({ name: "Ona Operator", isPlatformAdmin: true });
});
afterAll(async () => {
  await admin.close();
  await world.close();
});
beforeEach(async () => {
  made += 1;
  organisationId = await createOrganisation(world.people, actorOf(operator), `Northwold Council ${made}`);
  url = `/orgs/${organisationId}`;
  approver = await belongs("Ada Approver", true);
  member = await belongs("Mo Member", false);
});

const actorOf = ({ userId }: Person) => ({ userId, ip: HERE.ip });
const members = () => listOrganisationMembers(world.app.db, organisationId);
const waiting = () => listPendingInvitations(world.app.db, { organisationId });

async function belongs(name: string, mayMakeLive: boolean): Promise<Person> {
  const person = await admin.person({ name });
  const { userId } = person;
  await world.app.db.transaction((tx) => putOrganisationMember(tx, { organisationId, userId, mayMakeLive }));
  return person;
}

async function serviceOf(wish: { name: string; isTrial: boolean }): Promise<WorldService> {
  const service = await world.service({ ...wish, name: `${wish.name} ${made}` });
  await linkToOrganisation(world.people, actorOf(operator), { serviceId: service.id, organisationId });
  return service;
}

describe("an organisation's pages", () => {
  it("show its services to its people, with links to them", async () => {
    const [parks, tax] = [
      await serviceOf({ name: "Parks", isTrial: false }),
      await serviceOf({ name: "Tax", isTrial: true }),
    ];
    const page = await member.get(url);
    expect(page.status).toBe(200);
    expect(page.text).toContain("1 live service, 1 in trial mode");
    expect(page.text).toContain("Tax");
    expect(page.text).toContain(`/services/${parks.id}`);
    expect((await operator.get(url)).text).toContain(`/services/${tax.id}`);
  });

  it.each(["", "/team", "/team/invite", "/approvals"])("are not found by others: %s", async (path) => {
    const other = await admin.person();
    expect((await other.get(url + path)).status).toBe(404);
    expect((await admin.stranger().get(url + path)).location).toMatch(/^\/sign-in/);
  });

  it("of no organisation are not found, whoever asks", async () => {
    expect((await operator.get("/orgs/not-an-id")).status).toBe(404);
    expect((await operator.get(`/orgs/${member.userId}`)).status).toBe(404);
  });

  it("link to what one may open", async () => {
    const linksOf = async (person: Person) => {
      const { text } = await person.get(url);
      return ["team", "approvals", "settings"].filter((place) => text.includes(`href="${url}/${place}"`));
    };
    expect(await linksOf(member)).toEqual(["team"]);
    expect(await linksOf(approver)).toEqual(["team", "approvals"]);
    expect(await linksOf(operator)).toEqual(["team", "approvals", "settings"]);
  });
});

describe("an organisation's usage", () => {
  const used = (
    serviceId: string,
    { day, messages, kind = "live" }: { day: string; messages: number; kind?: string },
  ) =>
    world.app.db.query`
      insert into daily_statistics (service_id, day, channel, key_kind, template_id, status, code, rate_multiplier, messages, fragments)
      values (${serviceId}, ${day}::date, 'sms', ${kind}, ${serviceId}, 'delivered', '', 1, ${messages}, ${messages})`;
  const today = () => dayOf(world.clock.now());

  it("is that of its services in the year, deleted ones too, and of no others, as a page and a table", async () => {
    const [parks, tax, gone] = [
      await serviceOf({ name: "Parks", isTrial: false }),
      await serviceOf({ name: "Tax", isTrial: false }),
      await serviceOf({ name: "Gone", isTrial: false }),
    ];
    const elsewhere = await world.service();
    await used(parks.id, { day: today(), messages: 1_000 });
    await used(parks.id, { day: today(), messages: 7, kind: "test" });
    await used(parks.id, { day: "2019-06-01", messages: 5 });
    await used(gone.id, { day: today(), messages: 20 });
    await used(elsewhere.id, { day: today(), messages: 9_999 });
    await world.app.db.query`update services set archived_at = now() where id = ${gone.id}`;
    const { text } = await member.get(url);
    expect(text).toMatch(/Parks[\s\S]*1,000[\s\S]*Tax[\s\S]*Deleted services[\s\S]*20[\s\S]*Total[\s\S]*1,020/);
    expect(text).not.toMatch(/9,999|1,007/);
    const csv = await member.get(`${url}/usage.csv`);
    const rows = csv.text
      .trim()
      .split("\r\n")
      .map((row) => row.split(","));
    expect(rows.map(([name, , texts]) => [name, texts])).toEqual([
      ["Service", "Texts"],
      [parks.name, "1000"],
      [tax.name, "0"],
      ["Deleted services", "20"],
    ]);
    expect((await (await admin.person()).get(`${url}/usage.csv`)).status).toBe(404);
  });
});

describe("a service of the organisation", () => {
  it("is read by its people: usage, templates and team, which is all that they are led to", async () => {
    const service = await serviceOf({ name: "Parks", isTrial: false });
    const { templateId } = await world.template(service, { name: "Gate times" });
    const home = `/services/${service.id}`;
    expect((await member.get(home)).location).toBe(`${home}/usage`);
    const page = await member.get(`${home}/usage`);
    const places = [...page.text.matchAll(new RegExp(`href="${home}/([a-z]+)"`, "g"))].map(([, place]) => place);
    expect([page.status, new Set(places)]).toEqual([200, new Set(["usage", "templates", "team"])]);
    expect((await member.get(`${home}/templates`)).text).toContain("Gate times");
    const template = await member.get(`${home}/templates/${templateId}`);
    expect([template.status, template.text.includes("/send/")]).toEqual([200, false]);
    expect((await member.get(`${home}/team`)).text).not.toContain(`${home}/team/invite`);
  });

  it("keeps the rest from them", async () => {
    const service = await serviceOf({ name: "Parks", isTrial: false });
    const places = ["messages", "settings", "developers", "audit", "send", "inbox", "trend.csv", "team/invite"];
    const answers = await Promise.all(places.map((place) => member.get(`/services/${service.id}/${place}`)));
    expect(answers.map(({ status }) => status)).toEqual(places.map(() => 403));
  });

  it("is not found by the people of another, nor by who has left", async () => {
    const service = await serviceOf({ name: "Parks", isTrial: false });
    const elsewhere = await createOrganisation(world.people, actorOf(operator), `Fenland Council ${made}`);
    const other = await admin.person();
    await world.app.db.transaction((tx) =>
      putOrganisationMember(tx, { organisationId: elsewhere, userId: other.userId, mayMakeLive: true }),
    );
    await approver.post(`${url}/team/${member.userId}/remove`);
    expect((await member.get(`/services/${service.id}/usage`)).status).toBe(404);
    expect((await other.get(`/services/${service.id}/usage`)).status).toBe(404);
  });
});

describe("an organisation's team", () => {
  it("is read and added to by all in it; what they may do is given by those who may themselves", async () => {
    const answer = await member.post(`${url}/team/invite`, {
      emailAddress: `first${made}@example.org`,
      permissions: ["make-live"],
    });
    expect(answer.location).toBe(`${url}/team`);
    expect((await member.get(`${url}/team/invite`)).text).not.toContain("make-live");
    await approver.post(`${url}/team/invite`, {
      emailAddress: `second${made}@example.org`,
      permissions: ["make-live"],
    });
    expect(await waiting()).toMatchObject([
      { emailAddress: `second${made}@example.org`, mayMakeLive: true },
      { emailAddress: `first${made}@example.org`, mayMakeLive: false },
    ]);
    expect((await member.get(`${url}/team`)).text).toContain(`first${made}@example.org`);
  });

  it("refuses what is no address", async () => {
    const answer = await approver.post(`${url}/team/invite`, { emailAddress: "x", permissions: ["make-live"] });
    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining("Enter an email address")]);
    expect(answer.text).toMatch(/value="make-live" checked/);
  });

  it("sends invitations again and cancels them; those of approvers are the approvers' to change", async () => {
    await approver.post(`${url}/team/invite`, { emailAddress: `new${made}@example.org`, permissions: ["make-live"] });
    const [invitation] = await waiting();
    const first = await world.tokenTo(`new${made}@example.org`);
    const path = `${url}/team/invitations/${invitation?.id}`;
    expect((await member.post(`${path}/resend`)).status).toBe(403);
    expect((await approver.post(`${path}/resend`)).location).toBe(`${url}/team`);
    expect(await world.tokenTo(`new${made}@example.org`)).not.toBe(first);
    expect((await member.post(`${path}/cancel`)).status).toBe(403);
    await approver.post(`${path}/cancel`);
    expect(await waiting()).toEqual([]);
    expect((await approver.post(`${path}/cancel`)).status).toBe(404);
  });

  it("is changed by approvers, of others", async () => {
    const path = `${url}/team/${member.userId}`;
    expect((await approver.get(path)).text).toContain("Mo Member");
    await approver.post(path, { permissions: ["make-live"] });
    expect(await members()).toMatchObject([{ mayMakeLive: true }, { name: "Mo Member", mayMakeLive: true }]);
    await approver.post(`${path}/remove`);
    expect((await members()).map(({ name }) => name)).toEqual(["Ada Approver"]);
    expect((await approver.get(path)).status).toBe(404);
  });

  it.each(["", "/remove"])("is changed by nobody of themselves, and not by members: %s", async (path) => {
    expect((await approver.post(`${url}/team/${approver.userId}${path}`)).status).toBe(403);
    expect((await member.post(`${url}/team/${approver.userId}${path}`)).status).toBe(403);
    expect(await members()).toMatchObject([{ mayMakeLive: true }, { mayMakeLive: false }]);
  });
});

describe("approvals", () => {
  let service: WorldService;
  let manager: Person;
  const ask = async (approvesOwnServices: boolean) => {
    const name = `Northwold Council ${made}`;
    const settings = { id: organisationId, name, approvesOwnServices, takesJoinRequests: false, domains: [] };
    await changeOrganisation(world.people, actorOf(operator), settings);
    service = await world.service({ isTrial: true, textSender: "NWLibrary", replyTo: "help@example.gov.uk" });
    await linkToOrganisation(world.people, actorOf(operator), { serviceId: service.id, organisationId });
    manager = await admin.person({ name: "Mina Manager", in: service, permissions: ["manage_service"] });
    await admin.person({ in: service, permissions: ["manage_service"] });
    await world.template(service, { channel: "sms" });
    const at = { serviceId: service.id, origin: HERE.origin };
    await confirmNameUnique(world.people, actorOf(manager), service.id);
    await setYearlyVolumes(world.people, actorOf(manager), { ...at, sms: 12_000, email: 0 });
    return `${url}/approvals/${await requestGoLive(world.people, actorOf(manager), at)}`;
  };

  it("reach those of the organisation by email, with a link that they can open", async () => {
    const path = await ask(true);
    const [mail] = await world.mailTo(approver.emailAddress);
    expect(mail?.body).toContain(path);
    expect((await approver.get(`${url}/approvals`)).text).toContain(path);
    const page = await approver.get(path);
    expect(page.text).toContain("They expect to send 12,000 texts and 0 emails a year");
    expect(page.text).toContain("Approve: make it live");
  });

  it("are decided by them", async () => {
    const path = await ask(true);
    expect((await approver.post(path, { decision: "approve", comment: "Good luck" })).location).toBe(path);
    expect((await world.reload(service)).isTrial).toBe(false);
    const page = await approver.get(path);
    expect(page.text).toContain("Ada Approver has approved the request of Mina Manager.");
    expect(page.text).not.toContain("Approve: make it live");
  });

  it("are the platform's to decide where the organisation does not decide for itself", async () => {
    const path = await ask(false);
    expect((await approver.get(path)).text).not.toContain("Approve: make it live");
    expect((await approver.post(path, { decision: "approve" })).status).toBe(403);
    expect((await operator.post(path, { decision: "refuse", comment: "Not yet" })).location).toBe(path);
    expect((await world.reload(service)).isTrial).toBe(true);
  });

  it("are not for members who may not make services live, nor for other organisations", async () => {
    const path = await ask(true);
    expect([(await member.get(path)).status, (await member.post(path)).status]).toEqual([403, 403]);
    expect((await member.get(`${url}/approvals`)).status).toBe(403);
    const other = await createOrganisation(world.people, actorOf(operator), `Elsewhere ${made}`);
    expect((await operator.get(path.replace(organisationId, other))).status).toBe(404);
  });
});

describe("settings", () => {
  it("are for platform administrators", async () => {
    expect((await approver.get(`${url}/settings`)).status).toBe(404);
    expect((await approver.post(`${url}/settings`)).status).toBe(404);
  });

  it("are kept and shown again", async () => {
    const fields = {
      name: `Westwold ${made}`,
      domains: `a${made}.example.org\nb${made}.example.org`,
      rules: ["takesJoinRequests"],
    };
    expect((await operator.post(`${url}/settings`, fields)).location).toBe(`${url}/settings`);
    expect(await getOrganisation(world.people, organisationId)).toMatchObject({
      name: `Westwold ${made}`,
      approvesOwnServices: false,
      takesJoinRequests: true,
      domains: [`a${made}.example.org`, `b${made}.example.org`],
    });
    const { text } = await operator.get(`${url}/settings`);
    expect(text).toContain(`a${made}.example.org\nb${made}.example.org`);
    expect(text).toMatch(/value="takesJoinRequests" checked/);
  });

  it.each([
    { name: "", domains: "", words: "Enter a name" },
    { name: "Westwold", domains: "not a domain!", words: "is not a domain" },
  ])("refuse the name “$name” with the domains “$domains”", async ({ words, ...fields }) => {
    const answer = await operator.post(`${url}/settings`, fields);
    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining(words)]);
  });
});
