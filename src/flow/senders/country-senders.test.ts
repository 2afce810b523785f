import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeCarrier, startWorkings, untilWritten, type Workings } from "../../../test/support/workings.ts";
import { createWorld, type World, type WorldService } from "../../../test/support/world.ts";
import type { CountrySenderRule } from "../../core/senders/choose-text-sender.ts";
import { newRandomId } from "../../platform/ids.ts";
import { putCountryRule } from "../../records/senders/country-rule-store.ts";
import { insertSenderPool } from "../../records/senders/sender-pool-store.ts";
import { insertTextSender } from "../../records/senders/text-sender-store.ts";
import { readMessage } from "../messages/read-message.ts";
import { tryRoute } from "../routing/try-route.ts";

const ESTONIA = "+372 5123 4567";
const FRANCE = "+33 6 12 34 56 78";
const BELGIUM = "+32 470 12 34 56";

let world: World;
let workings: Workings;
let carrier: Awaited<ReturnType<typeof makeCarrier>>;
beforeAll(async () => {
  world = await createWorld();
  carrier = await makeCarrier(world.app);
  workings = await startWorkings(world.app);
  const rule = { senderTypes: ["alphanumeric", "long-number", "short-code"], registeredOnly: false } as const;
  const rules: CountrySenderRule[] = [
    { ...rule, countryPrefix: "372", senderTypes: ["long-number"], needsSignature: true },
    { ...rule, countryPrefix: "33", registeredOnly: true, needsSignature: false },
  ];
  await world.app.db.transaction(async (tx) => {
    for (const one of rules) await putCountryRule(tx, one);
  });
});
afterAll(async () => {
  await workings?.stop();
  await carrier?.stop();
  await world?.close();
});

async function service(...others: string[]): Promise<WorldService> {
  const made = await world.service({
    name: "Northwold Libraries",
    ...{ permissions: ["sms", "international_sms"], prefixesTexts: false, textSender: "Northwold" },
  });
  await world.app.db.transaction(async (tx) => {
    for (const sender of others) await insertTextSender(tx, made.id, { id: newRandomId(), sender, isDefault: false });
  });
  return { ...(await world.reload(made)), secrets: made.secrets };
}

async function sent(from: WorldService, to: string) {
  const template = await world.template(from, { body: "Your book is here" });
  const accepted = await workings.send({ service: from, template, to });
  return { ...accepted, message: await readMessage(world.app, from, accepted.id) };
}

describe("a text to a country with rules", () => {
  it("comes from a sender that fits, says who it is from, and tells why", async () => {
    const from = await service("+12025550123");
    const { message, from: shown } = await sent(from, ESTONIA);
    expect([message.from, shown]).toEqual(["12025550123", "12025550123"]);
    expect(message.timeline[0]).toMatchObject({
      kind: "accepted",
      sender: { used: "+12025550123", instead: "Northwold", isSigned: true },
    });
    expect(message.style.prefixesTexts).toBe(true);
    await untilWritten(carrier, 1);
    expect(carrier.texts).toEqual(["Northwold Libraries: Your book is here"]);
  });

  it("is refused in plain words where the service has none that fits, and nothing is stored", async () => {
    const from = await service();
    await expect(sent(from, ESTONIA)).rejects.toThrow(
      "Texts to Estonia must come from a long number, and this service has none",
    );
    await expect(sent(from, FRANCE)).rejects.toThrow(
      "Texts to France must come from a name or a long number or a short code that is registered there",
    );
    const rows = await world.app.db.query`select id from notifications where service_id = ${from.id}`;
    expect(rows).toEqual([]);
  });

  it("leaves all others as they are", async () => {
    const from = await service("+12025550123");
    for (const to of [BELGIUM, "07700 900123"]) {
      const { message } = await sent(from, to);
      expect([message.from, message.timeline[0]]).toEqual(["Northwold", expect.not.objectContaining({ sender: {} })]);
      expect(message.timeline[0]).not.toHaveProperty("sender");
    }
  });

  it("is told before it is sent", async () => {
    const from = await service("+12025550123");
    const tried = await tryRoute(world.app, { number: ESTONIA, service: from.id });
    expect(tried).toMatchObject({ sender: { sender: "+12025550123" }, message: { senderType: "long-number" } });
    const none = await tryRoute(world.app, { number: FRANCE, service: from.id });
    expect(none.sender?.kind).toBe("not-in-country");
  });
});

describe("a text from a group of senders", () => {
  it("always comes to one recipient from the same", async () => {
    const from = await service("07700900701", "07700900702", "07700900703");
    const senderIds = from.textSenders.map(({ id }) => id);
    const pool = { id: newRandomId(), name: "All", senderIds, isDefault: true, isSticky: true };
    await world.app.db.transaction((tx) => insertSenderPool(tx, from.id, pool));
    const grouped = { ...(await world.reload(from)), secrets: from.secrets };
    const senders = new Set<string>();
    for (let at = 10; at < 22; at++) {
      const [once, twice] = [await sent(grouped, `077009004${at}`), await sent(grouped, `077009004${at}`)];
      expect(once.message.from).toBe(twice.message.from);
      senders.add(once.message.from);
      expect(once.message.timeline[0]).toMatchObject({ sender: { pool: "All", isSticky: true } });
    }
    expect(senders.size).toBeGreaterThan(1);
  });
});

describe("a text from Pennypost itself", () => {
  it("goes out to a country with rules all the same: whoever signs in there needs the code", async () => {
    const from = await service();
    await world.app.db.query`update services set is_internal = true where id = ${from.id}`;
    const internal = { ...from, ...(await world.reload(from)) };
    expect((await sent(internal, ESTONIA)).from).toBe("Northwold");
    await world.app.db.query`update services set is_internal = false where id = ${from.id}`;
  });
});
