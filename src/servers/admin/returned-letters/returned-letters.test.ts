import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Person, startAdmin, type TestAdmin } from "../../../../test/support/admin.ts";
import { createWorld, type World, type WorldService } from "../../../../test/support/world.ts";
import type { Notification } from "../../../records/notifications/notification.ts";

const NOW = new Date("2026-07-10T12:00:00Z");

let world: World;
let admin: TestAdmin;
let service: WorldService;
let person: Person;
beforeAll(async () => {
  world = await createWorld({ clock: { now: () => NOW } });
  admin = await startAdmin(world.app);
  service = await world.service({ name: "Northwold Libraries" });
  person = await admin.person({ in: service, permissions: ["view_activity"] });
});
afterAll(async () => {
  await admin.close();
  await world.close();
});

const at = (page = "") => `/services/${service.id}/returned-letters${page}`;

/** A letter of which its service was told at a moment that it came back. */
async function returned(
  at: string,
  { reference, isPrecompiled = false, of = service }: ReturnedWish = {},
): Promise<Notification> {
  const { db } = world.app;
  const template = await world.template(of, { channel: "letter", name: "=Card", subject: "Card", body: "Dear reader" });
  const notification = await world.notification(of, {
    template,
    status: "returned-letter",
    ...(reference ? { reference } : {}),
  });
  await db.query`update notifications set channel = 'letter' where id = ${notification.id}`;
  await db.query`
    insert into letters (notification_id, service_id, is_precompiled, postage, returned_at)
    values (${notification.id}, ${of.id}, ${isPrecompiled}, 'second', ${new Date(at)})`;
  return notification;
}

interface ReturnedWish {
  reference?: string;
  isPrecompiled?: boolean;
  of?: WorldService;
}

describe("letters that came back", () => {
  it("are none at first", async () => {
    expect((await person.get(at())).text).toContain("No letter has come back.");
    expect((await person.get(at("/2026-07-01"))).text).toContain("No letter came back on this day");
  });

  it("are counted by days at home, listed, and taken away as a file that no spreadsheet calculates with", async () => {
    const late = await returned("2026-07-08T22:59:59Z", { reference: "loan-1" });
    const supplied = await returned("2026-07-08T23:00:00Z", { isPrecompiled: true });
    await returned("2026-07-08T23:30:00Z");
    await returned("2026-07-08T12:00:00Z", { of: await world.service({ name: "Elsewhere" }) });
    const { text } = await person.get(at());
    expect(text).toMatch(/9 July 2026[\s\S]*2 letters[\s\S]*8 July 2026[\s\S]*1 letter</);
    const day = await person.get(at("/2026-07-08"));
    expect(day.text).toContain(`/services/${service.id}/messages/${late.id}`);
    expect(day.text).not.toContain(supplied.id);
    const file = await person.get(at("/2026-07-09/letters.csv"));
    expect(file.headers.get("content-type")).toContain("text/csv");
    const [heads, ...rows] = file.text.split("\r\n");
    const first = rows.find((row) => row.startsWith(supplied.id));
    const second = rows.find((row) => row !== first);
    expect(heads).toContain("Notification ID,Reference,Sent at,Sent by,Template,Template ID,Version");
    expect(first).toContain(`${supplied.id},,`);
    expect(first).toContain('"A letter of your own, as a PDF",,');
    expect(second).toContain("'=Card");
  });

  it("of a day that is none are not found", async () => {
    for (const day of ["/yesterday", "/2026-02-30", "/2026-02-30/letters.csv"])
      expect([day, (await person.get(at(day))).status]).toEqual([day, 404]);
  });

  it("are told on the dashboard", async () => {
    await returned("2026-07-10T09:00:00Z");
    const { text } = await person.get(`/services/${service.id}`);
    expect(text).toContain(`href="${at()}"`);
    expect(text).toMatch(/\d returned letters?</);
  });
});
