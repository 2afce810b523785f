import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Person, startAdmin, type TestAdmin } from "../../../../test/support/admin.ts";
import { createWorld, type World, type WorldService } from "../../../../test/support/world.ts";
import { takeComplaint } from "../../../flow/receipt/complaints.ts";
import { newId } from "../../../platform/ids.ts";
import { insertComplaint } from "../../../records/notifications/complaint-store.ts";

const NOW = new Date("2026-07-10T12:00:00Z");
const PAGE_ROWS = 50;
const ALL = "/platform/complaints";

let world: World;
let admin: TestAdmin;
let service: WorldService;
let member: Person;
let operator: Person;
beforeAll(async () => {
  world = await createWorld({ clock: { now: () => NOW } });
  admin = await startAdmin(world.app);
  service = await world.service({ name: "Northwold Libraries" });
  member = await admin.person({ in: service, permissions: ["view_activity"] });
  operator = await admin.person({ isPlatformAdmin: true });
});
afterAll(async () => {
  await admin.close();
  await world.close();
});

const at = (query = "") => `/services/${service.id}/complaints${query}`;

/** An email about which its recipient complained, as the door for reports hands it on. */
async function complainedAbout(at: string, { of = service }: { of?: WorldService } = {}): Promise<string> {
  const template = await world.template(of, { channel: "email", name: "Your <loans>", subject: "Loans", body: "Two." });
  const { id } = await world.notification(of, { template, status: "delivered" });
  await takeComplaint(world.app, { reference: id, at: new Date(at) });
  return id;
}

/** About an email that is no longer kept. */
async function complainedLongAgo(at: string, of: WorldService): Promise<string> {
  const notificationId = newId();
  const complaint = { id: newId(), notificationId, serviceId: of.id, complainedAt: new Date(at) };
  await world.app.db.transaction((tx) => insertComplaint(tx, complaint));
  return notificationId;
}

describe("spam complaints", () => {
  it("are none at first, and the dashboard says nothing of them", async () => {
    expect((await member.get(at())).text).toContain("Nobody has complained.");
    expect((await operator.get(ALL)).text).toContain("Nobody has complained.");
    expect((await member.get(`/services/${service.id}`)).text).not.toContain(at());
  });

  it("are shown to their service and to the platform, newest first, with the email and never its recipient", async () => {
    const other = await world.service({ name: "Northwold Parking" });
    const older = await complainedAbout("2026-07-08T22:59:59Z");
    const newer = await complainedAbout("2026-07-09T08:00:00Z");
    const elsewhere = await complainedAbout("2026-07-08T23:00:00Z", { of: other });
    const { text } = await member.get(at());
    expect(text).toMatch(new RegExp(`messages/${newer}"[\\s\\S]*Your &lt;loans&gt;[\\s\\S]*messages/${older}"`));
    expect(text).not.toContain(elsewhere);
    expect(text).not.toContain("Northwold Parking");
    const all = (await operator.get(ALL)).text;
    expect(all).toMatch(new RegExp(`${newer}[\\s\\S]*${elsewhere}[\\s\\S]*${older}`));
    expect(all).toContain(`<a class="govuk-link" href="/services/${other.id}/complaints">Northwold Parking</a>`);
    expect(text + all).not.toContain("ada@example.org");
    const dashboard = (await member.get(`/services/${service.id}`)).text;
    expect(dashboard).toMatch(new RegExp(`href="${at()}">2 spam complaints<`));
  });

  it("are narrowed to days at home, the last one included", async () => {
    const of = await world.service({ name: "Northwold Parks" });
    const lastOfDay = await complainedAbout("2026-06-08T22:59:59Z", { of });
    const firstOfNext = await complainedAbout("2026-06-08T23:00:00Z", { of });
    const seen = async (query: string) => {
      const { text } = await operator.get(`/services/${of.id}/complaints${query}`);
      return [lastOfDay, firstOfNext].map((id) => text.includes(id));
    };
    expect(await seen("?from=2026-06-09&to=")).toEqual([false, true]);
    expect(await seen("?from=&to=2026-06-08")).toEqual([true, false]);
    expect(await seen("?from=2026-06-08&to=2026-06-09")).toEqual([true, true]);
    const none = await operator.get(`/services/${of.id}/complaints?from=2026-06-10`);
    expect(none.text).toContain("Nobody complained on these days.");
  });

  it.each([
    ["from=2026-02-30", "Enter the first day as a date"],
    ["to=yesterday", "Enter the last day as a date"],
    ["from=2026-07-02&to=2026-07-01", "The last day must not be before the first"],
  ])("asked for by days that are none (%s) are refused by the field", async (query, words) => {
    const answer = await member.get(at(`?${query}`));
    expect([answer.status, answer.text.includes(words)]).toEqual([400, true]);
  });

  it("outlive their emails, and go on over pages that keep the days asked for", async () => {
    const of = await world.service({ name: "Northwold Baths" });
    const gone: string[] = [];
    // All at the same moment: the id then decides.
    for (let nth = 0; nth <= PAGE_ROWS; nth++) gone.push(await complainedLongAgo("2026-05-05T10:00:00Z", of));
    await complainedLongAgo("2026-05-07T10:00:00Z", of);
    const first = (await operator.get(`/services/${of.id}/complaints?to=2026-05-05`)).text;
    expect(first).toContain("The email is no longer kept");
    const next = /rel="next" href="([^"]+)"/.exec(first)?.[1]?.replaceAll("&amp;", "&") ?? "";
    expect(next).toContain("to=2026-05-05");
    const second = (await operator.get(next)).text;
    expect(second).not.toContain('rel="next"');
    expect(second).toContain(`href="/services/${of.id}/complaints?to=2026-05-05"`);
    const shown = (text: string) => gone.filter((id) => text.includes(id));
    expect(shown(first)).toHaveLength(PAGE_ROWS);
    expect(shown(second)).toHaveLength(1);
    expect(new Set([...shown(first), ...shown(second)]).size).toBe(PAGE_ROWS + 1);
  });
});
