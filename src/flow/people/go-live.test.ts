import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPeopleWorld, HERE, PASSWORD, type PeopleWorld } from "../../../test/support/people.ts";
import { startWorkings } from "../../../test/support/workings.ts";
import { newRandomId } from "../../platform/ids.ts";
import { listAudit } from "../../records/audit/audit-store.ts";
import { findGoLiveRequest, listGoLiveComments, listOpenGoLiveRequests } from "../../records/go-live/go-live-store.ts";
import { putOrganisationMember } from "../../records/organisations/organisation-people-store.ts";
import { insertReplyToAddress } from "../../records/senders/reply-to-store.ts";
import { insertTextSender } from "../../records/senders/text-sender-store.ts";
import type { User } from "../../records/users/user-store.ts";
import { addEmailLinkFactor } from "./factors.ts";
import {
  approveGoLive,
  checklistOf,
  commentOnGoLive,
  confirmNameUnique,
  goLiveChecklist,
  refuseGoLive,
  requestGoLive,
  setYearlyVolumes,
} from "./go-live.ts";
import { acceptInvitation, inviteToService } from "./invitations.ts";
import { changeOrganisation, createOrganisation } from "./organisations.ts";
import {
  changeLimits,
  findAnything,
  linkToOrganisation,
  makeTrial,
  removeSecondFactors,
  resumeService,
  suspendService,
} from "./platform.ts";
import { createService } from "./services.ts";
import { beginSignIn } from "./sign-in.ts";
import { removeMember } from "./team.ts";

let world: PeopleWorld;
let admin: User;
let names = 0;
beforeAll(async () => {
  world = await createPeopleWorld();
  admin = await world.user({ isPlatformAdmin: true, name: "Admin" });
});
afterAll(() => world.close());

const actorOf = (user: User) => ({ userId: user.id, ip: HERE.ip });
const newName = () => {
  names += 1;
  return `Going live ${names}`;
};

async function readyService() {
  const { people } = world;
  const [owner, second] = [await world.user(), await world.user()];
  const serviceId = await createService(people, actorOf(owner), newName());
  const form = {
    serviceId,
    emailAddress: second.emailAddress,
    permissions: ["manage_service"] as const,
    hiddenFolderIds: [],
  };
  await inviteToService(people, actorOf(owner), { ...form, origin: HERE.origin });
  await acceptInvitation(people, actorOf(second), await world.tokenTo(second.emailAddress));
  const service = await people.services.find(serviceId);
  if (!service) throw new Error("no service");
  await world.template(service, { channel: "email" });
  await confirmNameUnique(people, actorOf(owner), serviceId);
  await setYearlyVolumes(people, actorOf(owner), { serviceId, sms: 1_000, email: 5_000 });
  await people.db.transaction(async (tx) => {
    await insertReplyToAddress(tx, serviceId, { id: newRandomId(), address: "us@example.org", isDefault: true });
    await insertTextSender(tx, serviceId, { id: newRandomId(), sender: "Parks", isDefault: true });
  });
  return { owner, second, serviceId };
}

const ask = (owner: User, serviceId: string) =>
  requestGoLive(world.people, actorOf(owner), { serviceId, origin: HERE.origin });

describe("the list of what is to be done before going live", () => {
  const done = {
    isConfirmedUnique: true,
    yearlyVolumeSms: 10,
    yearlyVolumeEmail: 10,
    managers: 2,
    templates: 1,
    hasEmailTemplates: true,
    hasTextTemplates: true,
    hasReplyTo: true,
    hasOwnTextSender: true,
  };
  it.each([
    [{}, ""],
    [{ isConfirmedUnique: false }, "name-unique"],
    [{ yearlyVolumeSms: undefined, yearlyVolumeEmail: 0 }, "volumes"],
    [{ managers: 1 }, "managers"],
    [{ templates: 0 }, "templates"],
    [{ hasReplyTo: false }, "reply-to"],
    [{ hasReplyTo: false, hasEmailTemplates: false, yearlyVolumeEmail: 0 }, ""],
    [{ hasOwnTextSender: false }, "text-sender"],
    [{ hasOwnTextSender: false, hasTextTemplates: false, yearlyVolumeSms: 0 }, ""],
  ])("with %j has left: %s", (change, left) => {
    const open = checklistOf({ ...done, ...change }).filter(({ isDone }) => !isDone);
    expect(open.map(({ task }) => task).join()).toBe(left);
  });
});

describe("going live", () => {
  it("is asked for when everything is done, and approved by a platform administrator", async () => {
    const { owner, second, serviceId } = await readyService();
    expect((await goLiveChecklist(world.people, serviceId)).every(({ isDone }) => isDone)).toBe(true);
    const id = await ask(owner, serviceId);
    await expect(ask(owner, serviceId)).rejects.toMatchObject({ kind: "conflict" });
    expect((await world.mailTo(admin.emailAddress))[0]).toMatchObject({ template: "A service asks to go live" });
    expect((await listOpenGoLiveRequests(world.people.db)).map((request) => request.id)).toEqual([id]);
    const removal = removeMember(world.people, actorOf(owner), { serviceId, userId: second.id });
    await expect(removal).rejects.toMatchObject({ kind: "conflict" });
    await commentOnGoLive(world.people, actorOf(owner), { id, comment: "It is for the parks." });
    const decision = { id, comment: "Welcome", origin: HERE.origin };
    await expect(approveGoLive(world.people, actorOf(owner), decision)).rejects.toMatchObject({
      kind: "not-authorised",
    });
    await approveGoLive(world.people, actorOf(admin), decision);
    expect(await world.people.services.find(serviceId)).toMatchObject({
      isTrial: false,
      dailyLimits: { sms: 250_000, email: 250_000 },
    });
    expect(await findGoLiveRequest(world.people.db, id)).toMatchObject({ status: "approved", decidedByName: "Admin" });
    expect((await listGoLiveComments(world.people.db, id)).map(({ body }) => body)).toEqual([
      "It is for the parks.",
      "Welcome",
    ]);
    expect((await world.mailTo(owner.emailAddress))[0]).toMatchObject({ template: "A service is live" });
    const actions = (await listAudit(world.people.db, { serviceId, limit: 5 })).map(({ action }) => action);
    expect(actions).toEqual([
      "service.made-live",
      "go-live.commented",
      "go-live.approved",
      "go-live.commented",
      "go-live.requested",
    ]);
  });

  it("is refused with a reason, and asked for again", async () => {
    const { owner, serviceId } = await readyService();
    const id = await ask(owner, serviceId);
    const refusal = { id, comment: " ", origin: HERE.origin };
    await expect(refuseGoLive(world.people, actorOf(admin), refusal)).rejects.toMatchObject({
      problems: [{ problem: "comment-missing" }],
    });
    await refuseGoLive(world.people, actorOf(admin), { ...refusal, comment: "Which parks?" });
    expect((await world.mailTo(owner.emailAddress))[0]).toMatchObject({ template: "A service is not live yet" });
    await ask(owner, serviceId);
  });

  it("is not asked for before everything is done", async () => {
    const owner = await world.user();
    const serviceId = await createService(world.people, actorOf(owner), newName());
    await expect(ask(owner, serviceId)).rejects.toMatchObject({ kind: "conflict" });
  });

  it("is decided by an organisation that may, but by nobody for themselves", async () => {
    const { owner, second, serviceId } = await readyService();
    const organisationId = await createOrganisation(world.people, actorOf(admin), newName());
    const settings = { id: organisationId, name: newName(), takesJoinRequests: true, domains: [] };
    await linkToOrganisation(world.people, actorOf(admin), { serviceId, organisationId });
    for (const { id } of [owner, second])
      await world.people.db.transaction((tx) =>
        putOrganisationMember(tx, { organisationId, userId: id, mayMakeLive: true }),
      );
    const id = await ask(owner, serviceId);
    const approve = (user: User) => approveGoLive(world.people, actorOf(user), { id, origin: HERE.origin });
    await expect(approve(second)).rejects.toMatchObject({ kind: "not-authorised" });
    await changeOrganisation(world.people, actorOf(admin), { ...settings, approvesOwnServices: true });
    await expect(approve(owner)).rejects.toMatchObject({ kind: "not-authorised" });
    await approve(second);
    expect(await world.people.services.find(serviceId)).toMatchObject({ isTrial: false });
  });
});

describe("platform administrators", () => {
  it("set limits, with before and after in the log", async () => {
    const { serviceId } = await readyService();
    const daily = { dailyLimitSms: 10, dailyLimitEmail: 20, dailyLimitInternationalSms: 0 };
    const limits = { ...daily, rateLimitPerMinute: 60, dailyLimitLetter: 30, dailyLimitChat: 40, contactsMax: 50 };
    await changeLimits(world.people, actorOf(admin), { serviceId, limits });
    expect(await world.people.services.find(serviceId)).toMatchObject({
      rateLimitPerMinute: 60,
      dailyLimits: { sms: 10, email: 20, letter: 30, chat: 40 },
    });
    const [entry] = await listAudit(world.people.db, { serviceId, limit: 1 });
    expect(entry).toMatchObject({ before: { dailyLimitSms: 50 }, after: { dailyLimitSms: 10 } });
    const wrong = changeLimits(world.people, actorOf(admin), { serviceId, limits: { ...limits, dailyLimitSms: -1 } });
    await expect(wrong).rejects.toMatchObject({ problems: [{ field: "dailyLimitSms" }] });
    await makeTrial(world.people, actorOf(admin), serviceId);
  });

  it("suspend a service, which then sends nothing, and let it go on", async () => {
    const service = await world.service();
    const template = await world.template(service);
    const workings = await startWorkings(world.app);
    const send = async () => workings.send({ service: await world.reload(service), template, to: "07700 900123" });
    await suspendService(world.people, actorOf(admin), service.id);
    await expect(send()).rejects.toMatchObject({ kind: "forbidden" });
    await resumeService(world.people, actorOf(admin), service.id);
    await expect(send()).resolves.toMatchObject({ serviceId: service.id });
    await workings.stop();
  });

  it("find anything by its id, and people and services by a part of the name, but nothing that Pennypost sent itself", async () => {
    const service = await world.service({ name: "100% Findable" });
    const template = await world.template(service);
    const notification = await world.notification(service, { template });
    const kinds = async (text: string) => (await findAnything(world.people, text)).map(({ kind }) => kind);
    const ids = [admin.id, service.id, template.templateId, notification.id.toUpperCase(), service.keys[0]?.id ?? ""];
    expect(await Promise.all(ids.map(kinds))).toEqual([
      ["user"],
      ["service"],
      ["template"],
      ["notification"],
      ["api-key"],
    ]);
    expect(await kinds("100% find")).toEqual(["service"]);
    expect(await kinds("%%")).toEqual([]);
    expect(await kinds(admin.emailAddress.slice(0, 8))).toContain("user");
    const [own] = await world.people.db.query<{ id: string }>`
      select n.id from notifications n join services s on s.id = n.service_id where s.is_internal limit 1`;
    expect(await kinds(own?.id ?? "")).toEqual([]);
  });

  it("let in who has lost every second factor, but not themselves", async () => {
    const user = await world.user();
    await addEmailLinkFactor(world.people, actorOf(user));
    await expect(removeSecondFactors(world.people, actorOf(admin), admin.id)).rejects.toMatchObject({
      kind: "not-authorised",
    });
    await removeSecondFactors(world.people, actorOf(admin), user.id);
    const signIn = { emailAddress: user.emailAddress, password: PASSWORD, ip: HERE.ip };
    expect(await beginSignIn(world.people, signIn)).toMatchObject({ kind: "signed-in" });
  });
});
