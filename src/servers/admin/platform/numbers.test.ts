import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Person, startAdmin, type TestAdmin } from "../../../../test/support/admin.ts";
import { createWorld, type World } from "../../../../test/support/world.ts";
import { newId } from "../../../platform/ids.ts";
import { listAudit } from "../../../records/audit/audit-store.ts";
import { listAllKeywords } from "../../../records/inbound-numbers/keyword-store.ts";
import { listPool } from "../../../records/inbound-numbers/number-pool-store.ts";
import { insertOrganisation } from "../../../records/organisations/organisation-store.ts";
import { setOrganisation } from "../../../records/services/service-life-store.ts";

const NUMBERS = "/platform/numbers";

let world: World;
let admin: TestAdmin;
let operator: Person;
beforeAll(async () => {
  world = await createWorld();
  admin = await startAdmin(world.app);
  operator = await admin.person({ isPlatformAdmin: true });
});
afterAll(async () => {
  await admin.close();
  await world.close();
});

const pool = async () => (await listPool(world.app.db)).map(({ number, serviceId }) => [number, serviceId]);

describe("the pool of numbers", () => {
  it("is added to, each number once, and a service that wants to receive texts takes one of it", async () => {
    const numbers = "+44 7700 900601\n07700900601\n\n 84433 \n";
    expect((await operator.post(NUMBERS, { numbers })).location).toBe(NUMBERS);
    expect((await operator.get(NUMBERS)).text).toContain("2 numbers were added");
    await operator.post(NUMBERS, { numbers });
    expect(await pool()).toEqual([
      ["07700900601", undefined],
      ["84433", undefined],
    ]);
    const [entry] = await listAudit(world.app.db, { limit: 1 });
    expect(entry).toMatchObject({ action: "inbound-numbers.added", after: { numbers: ["07700900601", "84433"] } });
    const service = await world.service({ name: "Northwold Parks" });
    const manager = await admin.person({ in: service, permissions: ["manage_service"] });
    await manager.post(`/services/${service.id}/settings/receive-text-messages`, { choice: "on" });
    expect(await pool()).toContainEqual(["07700900601", service.id]);
    expect((await operator.get(NUMBERS)).text).toMatch(/07700900601[\s\S]*Northwold Parks/);
  });

  it("keeps what a service has, and lets go of what is free", async () => {
    await operator.post(NUMBERS, { numbers: "07700900777" });
    expect((await operator.post(`${NUMBERS}/removals`, { number: "07700900777" })).location).toBe(NUMBERS);
    expect((await operator.post(`${NUMBERS}/removals`, { number: "07700900777" })).status).toBe(404);
    expect((await operator.post(`${NUMBERS}/removals`, { number: "07700900601" })).status).toBe(404);
    expect((await pool()).map(([number]) => number)).toEqual(["84433", "07700900601"]);
  });

  it("takes a number back from its service, which then receives nothing, for the next to have", async () => {
    await operator.post(NUMBERS, { numbers: "07700900901" });
    const service = await world.service({ name: "Northwold Museums", permissions: ["sms", "inbound_sms"] });
    await world.inboundNumber(service, "07700900902");
    const path = `${NUMBERS}/07700900902/release`;
    expect((await operator.get(path)).text).toContain("Take 07700900902 back from Northwold Museums");
    expect((await operator.post(path, {})).location).toBe(NUMBERS);
    expect(await pool()).toContainEqual(["07700900902", undefined]);
    expect([...(await world.reload(service)).permissions]).toEqual(["sms"]);
    const [entry] = await listAudit(world.app.db, { limit: 1 });
    const released = {
      action: "inbound-numbers.released",
      serviceId: service.id,
      before: { numbers: ["07700900902"] },
    };
    expect(entry).toMatchObject(released);
    for (const method of ["get", "post"] as const) expect((await operator[method](path, {})).status).toBe(404);
  });

  it("leaves a service its other number, and one that it sends from", async () => {
    const service = await world.service({ permissions: ["sms", "inbound_sms"], textSender: "+447700900904" });
    await world.inboundNumber(service, "07700900903");
    await world.inboundNumber(service, "07700900904");
    await operator.post(`${NUMBERS}/07700900903/release`, {});
    expect([...(await world.reload(service)).permissions]).toContain("inbound_sms");
    const refused = await operator.post(`${NUMBERS}/07700900904/release`, {});
    expect([refused.status, refused.text]).toEqual([
      400,
      expect.stringContaining("remove it from its text senders first"),
    ]);
    expect(await pool()).toContainEqual(["07700900904", service.id]);
  });

  it.each([
    ["", "Enter at least one phone number"],
    ["07700900801\nthe desk", "“the desk” is not a phone number"],
    ["07700900801\n".repeat(101), "no more than 100 numbers"],
  ])("takes nothing of what is not right: %j", async (numbers, words) => {
    const before = await pool();
    const answer = await operator.post(NUMBERS, { numbers });
    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining(words)]);
    expect(await pool()).toEqual(before);
  });

  it("is shared by keywords with services of its holder's organisation, which are gone when it is taken back", async () => {
    const holder = await world.service({ name: "Northwold Desk", permissions: ["sms", "inbound_sms"] });
    await world.inboundNumber(holder, "07700900955");
    const path = `${NUMBERS}/07700900955/keywords`;
    expect((await operator.get(path)).text).toContain("its number is its own");
    const [library, id] = [await world.service({ name: "Northwold Lending" }), newId()];
    await world.app.db.transaction(async (tx) => {
      await insertOrganisation(tx, { id, name: "Northwold Council" });
      for (const service of [holder, library]) await setOrganisation(tx, service.id, id);
    });
    const wrong = await operator.post(path, { keywords: "Book: Nobody" });
    expect([wrong.status, wrong.text]).toEqual([400, expect.stringContaining("“Nobody” is not a service")]);
    expect((await operator.post(path, { keywords: "Book: Northwold Lending" })).location).toBe(NUMBERS);
    expect((await operator.get(path)).text).toContain("BOOK: Northwold Lending");
    await operator.post(`${NUMBERS}/07700900955/release`, {});
    expect(await listAllKeywords(world.app.db)).toEqual([]);
    expect((await operator.get(path)).status).toBe(404);
  });
});
