import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startAdmin, type TestAdmin } from "../../../../test/support/admin.ts";
import { createWorld, type World } from "../../../../test/support/world.ts";
import { putPrice } from "../../../records/prices/price-list-store.ts";

let world: World;
let admin: TestAdmin;
beforeAll(async () => {
  world = await createWorld();
  admin = await startAdmin(world.app);
});
afterAll(async () => {
  await admin.close();
  await world.close();
});

describe("the page about quality", () => {
  it("shows a service its own figures, by what it chooses, and gives them as a table", async () => {
    const [service, other] = [await world.service({ name: "Northwold Parks" }), await world.service({ name: "Other" })];
    const { templateId } = await world.template(service, { name: "Reminder" });
    const at = new Date();
    for (const [of, sentTimes] of [
      [service, 4],
      [other, 9],
    ] as const) {
      const message = {
        serviceId: of.id,
        templateId,
        channel: "sms",
        keyKind: "live",
        countryPrefix: "372",
        network: "24801",
        sender: "N",
        provider: "fen",
      };
      for (let time = 0; time < sentTimes; time += 1) world.app.quality.noteSent(message, at);
      const sentAt = new Date(at.getTime() - 4_500);
      for (const status of ["delivered", "delivered", "delivered", "permanent-failure"])
        world.app.quality.noteEnded(message, { status, sentAt, at });
    }
    await world.app.quality.flush();
    const viewer = await admin.person({ in: service, permissions: ["view_activity"] });
    const url = `/services/${service.id}/quality`;
    expect((await viewer.get(`/services/${service.id}`)).text).toContain(url);
    expect((await viewer.get(url)).text).toMatch(/Estonia[\s\S]*>4<[\s\S]*75%[\s\S]*100%/);
    const byTemplate = (await viewer.get(`${url}?by=template`)).text;
    expect(byTemplate).toContain("Reminder");
    await world.app.db.transaction((tx) =>
      putPrice(tx, {
        ...{
          prefix: "372",
          network: "24801",
          validFrom: "2026-01-01",
          fromFragments: 0,
          price: "0.02",
          label: "Telia",
        },
      }),
    );
    expect((await viewer.get(`${url}?by=network`)).text).toContain("Estonia, Telia (24801)");
    expect((await viewer.get(`${url}.csv?by=network`)).text).toMatch(
      /Network,Sent[^\n]*\r?\n"Estonia, Telia \(24801\)",4/,
    );
    const table = (await viewer.get(`${url}.csv?by=provider`)).text;
    expect(table).toMatch(/Provider,Sent,Ended,Delivered[^\n]*\r?\nfen,4,4,3,0\.75,1,/);
    const wrong = await viewer.get(`${url}?from=yesterday`);
    expect([wrong.status, wrong.text.includes("Enter a date such as")]).toEqual([400, true]);
    const operator = await admin.person({ isPlatformAdmin: true });
    const everybody = (await operator.get("/platform/quality?by=service")).text;
    expect(everybody).toMatch(/Other[\s\S]*Northwold Parks/);
    expect((await operator.get("/platform/reports")).text).toContain("/platform/quality");
  });
});
