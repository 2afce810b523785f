import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createPeopleWorld, HERE, type PeopleWorld } from "../../../test/support/people.ts";
import { type Receiver, startReceiver } from "../../../test/support/receiver.ts";
import type { WorldService } from "../../../test/support/world.ts";
import { createOutbound, type Outbound } from "../../platform/http.ts";
import { listAlerts, listRules } from "../../records/alerts/alert-store.ts";
import { listAudit } from "../../records/audit/audit-store.ts";
import { ALERT_POST_QUEUE } from "../jobs.ts";
import { setBalanceRules, topUp } from "../money/balance.ts";
import { createOrganisation } from "../people/organisations.ts";
import { startAlertPosts } from "./alert-posts.ts";
import { endOldAlertSecret, firstAlertSecret, renewAlertSecret, secretsToSign } from "./alert-secrets.ts";
import { type RuleForm, removeRule, saveRule } from "./change-rules.ts";
import { watchAlerts } from "./watch-alerts.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;
const PATIENCE = { timeout: 30_000, interval: 20 };

let world: PeopleWorld;
let receiver: Receiver;
let outbound: Outbound;
let actor: { userId: string; ip: string };
let made = 0;
beforeAll(async () => {
  world = await createPeopleWorld();
  receiver = await startReceiver();
  outbound = createOutbound({ allowedNetworks: world.app.callbackNetworks });
  actor = { userId: (await world.user()).id, ip: HERE.ip };
});
afterAll(async () => {
  await Promise.all([outbound.close(), receiver.close()]);
  await world.close();
});

const RULE: RuleForm = {
  ...{ name: "Failures", kind: "failure-share", threshold: "10", windowMinutes: "30", leastCount: "10" },
  ...{ emails: "", numbers: "", urls: "" },
};

async function ruleOf(service: WorldService | undefined, change: Partial<RuleForm>): Promise<string> {
  made += 1;
  const emails = `watcher${made}@example.org`;
  const form = { ...RULE, name: `Rule ${made}`, emails, ...change };
  await saveRule(world.app, actor, { serviceId: service?.id, form });
  return emails;
}

interface Fared {
  sent?: number;
  delivered?: number;
  failed?: number;
  countryPrefix?: string;
  at?: Date;
}

async function fare(service: WorldService, { sent = 0, delivered = 0, failed = 0, countryPrefix = "44", at }: Fared) {
  const when = at ?? world.clock.now();
  const message = {
    serviceId: service.id,
    templateId: service.id,
    channel: "sms",
    keyKind: "live",
    countryPrefix,
    sender: "N",
    provider: `fen-${service.id}`,
  };
  for (let count = 0; count < sent; count += 1) world.app.quality.noteSent(message, when);
  for (let count = 0; count < delivered; count += 1)
    world.app.quality.noteEnded(message, { status: "delivered", sentAt: when, at: when });
  for (let count = 0; count < failed; count += 1)
    world.app.quality.noteEnded(message, { status: "temporary-failure", sentAt: when, at: when });
  await world.app.quality.flush();
}

const subjects = async (address: string) => (await world.mailTo(address)).map(({ subject = "" }) => subject).reverse();

describe("an alert", () => {
  it("is posted signed, and again after a while where it was not taken, by whoever works then", async () => {
    const service = await world.service();
    await ruleOf(service, { urls: `${receiver.url}/again` });
    await fare(service, { failed: 20 });
    await watchAlerts(world.app);
    const queued = () => world.app.db.query<{ made: number; seconds: number; text: string }>`
      select (j.payload ->> 'made')::integer as made, extract(epoch from j.wake_at - now())::integer as seconds, j.payload::text as text
      from jobs j where j.queue = ${ALERT_POST_QUEUE}`;
    expect((await queued())[0]?.text).not.toContain("again");
    receiver.answer = () => 503;
    const before = await startAlertPosts({ app: world.app, outbound });
    await vi.waitFor(async () => expect(await queued()).toMatchObject([{ made: 1 }]), PATIENCE);
    await before.stop();
    expect(Math.abs(((await queued())[0]?.seconds ?? 0) - 300)).toBeLessThan(30);
    receiver.answer = () => 200;
    await world.app.db.query`update jobs set wake_at = now() where queue = ${ALERT_POST_QUEUE}`;
    const after = await startAlertPosts({ app: world.app, outbound });
    await vi.waitFor(async () => expect(await queued()).toEqual([]), PATIENCE);
    await after.stop();
    const [first, second, ...more] = receiver.received.filter(({ path }) => path === "/again");
    expect([first?.headers["webhook-id"], more]).toEqual([second?.headers["webhook-id"], []]);
    const [rule] = await listRules(world.app.db, world.app.keys.master, service.id);
    const verifier = new Webhook(firstAlertSecret(world.app, rule?.id ?? ""));
    expect(verifier.verify(second?.body ?? "", second?.headers as Record<string, string>)).toMatchObject({
      state: "opened",
    });
  });

  it("is posted with the signatures of a new secret and of the one before, for a day or until that is ended", async () => {
    const service = await world.service();
    await ruleOf(service, { urls: `${receiver.url}/renewed` });
    const named = { serviceId: service.id, name: `Rule ${made}` };
    const secretsOf = async () => {
      const [rule] = await listRules(world.app.db, world.app.keys.master, service.id);
      return {
        first: firstAlertSecret(world.app, rule?.id ?? ""),
        signing: await secretsToSign(world.app, rule?.id ?? ""),
      };
    };
    const { first } = await secretsOf();
    const second = await renewAlertSecret(world.app, actor, named);
    expect((await secretsOf()).signing).toEqual([second, first]);
    await fare(service, { failed: 20 });
    await watchAlerts(world.app);
    const posts = await startAlertPosts({ app: world.app, outbound });
    const posted = () => receiver.received.find(({ path }) => path === "/renewed");
    await vi.waitUntil(posted, PATIENCE);
    await posts.stop();
    for (const secret of [first, second])
      new Webhook(secret).verify(posted()?.body ?? "", posted()?.headers as Record<string, string>);
    world.clock.advance(24 * 60 * MINUTE_MS);
    expect((await secretsOf()).signing).toEqual([second]);
    await expect(endOldAlertSecret(world.app, actor, named)).rejects.toThrow("No old secret signs any more");
    const third = await renewAlertSecret(world.app, actor, named);
    await endOldAlertSecret(world.app, actor, named);
    expect((await secretsOf()).signing).toEqual([third]);
    const [entry] = await listAudit(world.app.db, { limit: 1 });
    expect([entry?.action, JSON.stringify(entry).includes("whsec_")]).toEqual(["alert-rule.old-secret-ended", false]);
  });

  it("has no secret to renew where nothing is posted", async () => {
    const service = await world.service();
    await ruleOf(service, {});
    const renewing = renewAlertSecret(world.app, actor, { serviceId: service.id, name: `Rule ${made}` });
    await expect(renewing).rejects.toThrow("posts to no URL");
  });

  it("is told of once when it opens, once when it is over, and stands on the page", async () => {
    const service = await world.service();
    const watcher = await ruleOf(service, { numbers: "07700900321", urls: `${receiver.url}/alerts` });
    await fare(service, { sent: 20, delivered: 8, failed: 1 });
    await watchAlerts(world.app);
    expect(await listAlerts(world.app.db, service.id, 10)).toEqual([]);
    await fare(service, { delivered: 5, failed: 6 });
    await watchAlerts(world.app);
    await watchAlerts(world.app);
    expect(await subjects(watcher)).toEqual([`Alert: Rule ${made}`]);
    expect((await world.mailTo(watcher))[0]?.body).toContain("35 percent failed in 30 minutes, which is more than 10");
    expect(await listAlerts(world.app.db, service.id, 10)).toMatchObject([
      { kind: "failure-share", value: 35, closedAt: undefined },
    ]);
    world.clock.advance(40 * MINUTE_MS);
    await fare(service, { delivered: 50 });
    await watchAlerts(world.app);
    await watchAlerts(world.app);
    expect(await subjects(watcher)).toEqual([`Alert: Rule ${made}`, `Over: Rule ${made}`]);
    const [over] = await listAlerts(world.app.db, service.id, 10);
    expect(over?.closedAt).toBeInstanceOf(Date);
    const texts = (await world.mailTo("07700900321")).map(({ body }) => body).reverse();
    expect(texts).toEqual([
      expect.stringContaining(`Alert: Rule ${made}. ${service.id}: 35 percent failed`),
      expect.anything(),
    ]);
    const posts = await startAlertPosts({ app: world.app, outbound });
    const told = () => receiver.received.filter(({ path }) => path === "/alerts");
    await vi.waitFor(() => expect(told()).toHaveLength(2), PATIENCE);
    await posts.stop();
    const posted = told()
      .map(({ body }) => JSON.parse(body))
      .sort((a, b) => (a.at < b.at ? -1 : 1));
    expect(posted.map(({ state, value }) => [state, value])).toEqual([
      ["opened", 35],
      ["closed", 0],
    ]);
    expect(posted[0]).toMatchObject({
      name: `Rule ${made}`,
      kind: "failure-share",
      service_id: service.id,
      threshold: 10,
    });
  });

  it("that lasts is told of again, a bounded number of times", async () => {
    const service = await world.service();
    const watcher = await ruleOf(service, { windowMinutes: "1440" });
    for (const hours of [0, 1, 5, 18, 24]) {
      world.clock.advance(hours * 60 * MINUTE_MS);
      await fare(service, { failed: 20 });
      await watchAlerts(world.app);
    }
    expect((await subjects(watcher)).map((subject) => subject.split(":")[0])).toEqual([
      "Alert",
      "Still an alert",
      "Still an alert",
      "Still an alert",
    ]);
  });

  it("is opened by a sudden rise of one template to one country, against what is usual there", async () => {
    const service = await world.service();
    const watcher = await ruleOf(service, { kind: "pumping", threshold: "5", leastCount: "50" });
    const now = world.clock.now().getTime();
    for (let day = 1; day <= 7; day += 1)
      for (let half = 0; half < 8; half += 1)
        await fare(service, { sent: 60, at: new Date(now - day * DAY_MS + half * 30 * MINUTE_MS) });
    await fare(service, { sent: 50 });
    await watchAlerts(world.app);
    expect(await subjects(watcher)).toEqual([]);
    await fare(service, { sent: 60, countryPrefix: "992" });
    await watchAlerts(world.app);
    expect(await subjects(watcher)).toHaveLength(1);
    const [alert] = await listAlerts(world.app.db, service.id, 10);
    expect(alert).toMatchObject({ subject: `${service.id} 992`, value: 60 });
  });

  it("is opened by silence, once reports are overdue, and closed by the first report", async () => {
    const service = await world.service();
    const watcher = await ruleOf(service, { kind: "receipt-silence", threshold: "" });
    await fare(service, { sent: 20 });
    await watchAlerts(world.app);
    expect(await subjects(watcher)).toEqual([]);
    world.clock.advance(11 * MINUTE_MS);
    await watchAlerts(world.app);
    expect(await subjects(watcher)).toEqual([`Alert: Rule ${made}`]);
    await fare(service, { delivered: 1 });
    await watchAlerts(world.app);
    expect(await subjects(watcher)).toEqual([`Alert: Rule ${made}`, `Over: Rule ${made}`]);
  });

  it("is opened by a balance that is low, for the installation", async () => {
    const organisationId = await createOrganisation(world.people, actor, `Northwold ${made}`);
    await setBalanceRules(world.app, actor, { organisationId, isOn: true, creditLimit: "0", lowAt: "" });
    const watcher = await ruleOf(undefined, { kind: "balance", threshold: "50" });
    await watchAlerts(world.app);
    expect((await world.mailTo(watcher))[0]?.body).toContain("£0 is left, which is less than £50");
    await topUp(world.app, actor, { organisationId, amount: "100", note: "" });
    await watchAlerts(world.app);
    expect(await subjects(watcher)).toEqual([`Alert: Rule ${made}`, `Over: Rule ${made}`]);
  });

  it("of one service is not another's", async () => {
    const [service, other] = [await world.service(), await world.service()];
    const watcher = await ruleOf(other, {});
    await fare(service, { failed: 50 });
    await watchAlerts(world.app);
    expect(await subjects(watcher)).toEqual([]);
  });
});

describe("a rule", () => {
  it("takes the place of the one with its name, and whom it tells is in no log", async () => {
    const service = await world.service();
    await saveRule(world.app, actor, { serviceId: service.id, form: { ...RULE, emails: "secret@example.org" } });
    await saveRule(world.app, actor, {
      serviceId: service.id,
      form: { ...RULE, threshold: "20", emails: "secret@example.org" },
    });
    const [entry] = await listAudit(world.app.db, { limit: 1 });
    expect(entry).toMatchObject({
      action: "alert-rule.saved",
      before: { threshold: 10 },
      after: { threshold: 20, destinations: 1 },
    });
    expect(JSON.stringify(entry)).not.toContain("secret@");
    const [kept] = await world.app.db.query<{ sealed: Buffer }>`
      select r.sealed_destinations as sealed from alert_rules r where r.service_id = ${service.id}`;
    expect(kept?.sealed.includes("secret")).toBe(false);
    await removeRule(world.app, actor, { serviceId: service.id, name: "Failures" });
    await expect(removeRule(world.app, actor, { serviceId: service.id, name: "Failures" })).rejects.toThrow(
      "no such rule",
    );
  });

  it.each<[Partial<RuleForm>, string]>([
    [{}, "Say whom it tells"],
    [{ name: " ", emails: "a@example.org" }, "Enter a name"],
    [{ kind: "weather", emails: "a@example.org" }, "Choose what it looks at"],
    [{ threshold: "0", emails: "a@example.org" }, "whole number from 1"],
    [{ windowMinutes: "4", emails: "a@example.org" }, "whole number from 5 to 1440"],
    [{ emails: "nobody" }, "Enter email addresses in full"],
    [{ numbers: "123" }, "Enter phone numbers in full"],
    [{ urls: "ftp://example.org" }, "begin with https://"],
    [{ urls: "https://user:word@example.org" }, "begin with https://"],
    [{ emails: Array.from({ length: 11 }, (_, n) => `a${n}@example.org`).join("\n") }, "up to 10"],
  ])("%j is refused", async (change, message) => {
    const service = await world.service();
    const saving = saveRule(world.app, actor, { serviceId: service.id, form: { ...RULE, ...change } });
    await expect(saving).rejects.toThrow(message);
  });
});
