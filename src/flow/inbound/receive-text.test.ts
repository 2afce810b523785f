import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createWorld, type World } from "../../../test/support/world.ts";
import { newRandomId } from "../../platform/ids.ts";
import type { InboundText } from "../../providers/provider.ts";
import { listReceivedTexts } from "../../records/inbound-messages/inbound-message-store.ts";
import { listLeftOverSets } from "../../records/inbound-messages/inbound-part-store.ts";
import type { Service } from "../../records/services/service.ts";
import { receiveText } from "./receive-text.ts";
import { passOnLeftOver } from "./take-part.ts";

const FROM = "447700900123";
const DAY_MS = 86_400_000;

let world: World;
let numbersGiven = 0;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

/** A service with a number of its own, which it is told of and the public writes to in international form. */
async function serviceWithNumber(): Promise<{ service: Service; number: string; to: string }> {
  const service = await world.service({
    permissions: ["sms", "inbound_sms"],
    callbacks: { "received-text": "https://example.org/texts" },
  });
  numbersGiven += 1;
  const subscriber = `77009${String(numbersGiven).padStart(5, "0")}`;
  await world.inboundNumber(service, `0${subscriber}`);
  return { service, number: `0${subscriber}`, to: `44${subscriber}` };
}

function write(text: Partial<InboundText> & Pick<InboundText, "to">, provider = "mmg"): Promise<void> {
  return receiveText(world.app, provider, { from: FROM, text: "Hello", ...text });
}

async function contents(service: Service): Promise<string[]> {
  return (await listReceivedTexts(world.app.db, service, { limit: 250 })).map(({ content }) => content);
}

async function subjectsOfCallbacks(service: Service): Promise<string[]> {
  const jobs = await world.app.db.query<{ id: string }>`
    select j.payload ->> 'subjectId' as id from jobs j where j.payload ->> 'serviceId' = ${service.id}`;
  return jobs.map(({ id }) => id);
}

describe("receiveText", () => {
  it("keeps a text sealed, and tells its service", async () => {
    const { service, number, to } = await serviceWithNumber();
    const sentAt = new Date("2026-11-20T10:00:00Z");
    await write({ to, text: "Yes please", sentAt });
    const [kept, ...others] = await listReceivedTexts(world.app.db, service, { limit: 250 });
    expect(kept).toMatchObject({ notifyNumber: number, userNumber: FROM, content: "Yes please", sentAt });
    expect(others).toEqual([]);
    expect(await subjectsOfCallbacks(service)).toEqual([kept?.id]);
    const [raw] = await world.app.db.query<{ sealed: Buffer }>`
      select m.sealed_content as sealed from inbound_messages m where m.id = ${kept?.id}`;
    expect(raw?.sealed.includes("Yes please")).toBe(false);
  });

  it.each([
    ["+44 7700 900123", FROM],
    ["07700900123", FROM],
    ["60006", "60006"],
    ["Example", "Example"],
  ])("knows the sender %s as %s", async (from, userNumber) => {
    const { service, to } = await serviceWithNumber();
    await write({ to, from });
    expect(await listReceivedTexts(world.app.db, service, { limit: 1 })).toMatchObject([{ userNumber }]);
  });

  it("takes the time it came for the time it was sent when the carrier says none", async () => {
    const { service, to } = await serviceWithNumber();
    await write({ to });
    const [kept] = await listReceivedTexts(world.app.db, service, { limit: 1 });
    expect(kept?.sentAt).toEqual(kept?.createdAt);
  });

  it("keeps a text once that its provider sends twice, also at the same moment", async () => {
    const { service, to } = await serviceWithNumber();
    const reference = newRandomId();
    await Promise.all([write({ to, reference }), write({ to, reference }), write({ to, reference })]);
    await write({ to, reference }, "firetext");
    expect(await contents(service)).toHaveLength(2);
    expect(await subjectsOfCallbacks(service)).toHaveLength(2);
  });

  it("drops texts to numbers that nobody has, that are switched off, or whose service takes none", async () => {
    const { service, number, to } = await serviceWithNumber();
    await world.app.db.query`update inbound_numbers set is_active = false where number = ${number}`;
    await write({ to });
    const silent = await world.service();
    await world.inboundNumber(silent, "07700912345");
    await write({ to: "447700912345" });
    await write({ to: "447700999999" });
    expect([...(await contents(service)), ...(await contents(silent))]).toEqual([]);
  });
});

describe("a text in parts", () => {
  const part = (number: number, reference = 7, total = 3) => ({ part: { number, reference, total } });

  it("is kept once, in order, when its last part has come", async () => {
    const { service, to } = await serviceWithNumber();
    await write({ to, text: "three", ...part(3), reference: newRandomId() });
    await write({ to, text: "one ", ...part(1), reference: newRandomId() });
    expect(await contents(service)).toEqual([]);
    await write({ to, text: "two ", ...part(2), reference: newRandomId() });
    expect(await contents(service)).toEqual(["one two three"]);
    expect(await subjectsOfCallbacks(service)).toHaveLength(1);
  });

  it("is kept once when all parts come at once, and again", async () => {
    const { service, to } = await serviceWithNumber();
    const parts = [1, 2, 3].map((number) => ({ to, text: `${number}`, ...part(number) }));
    await Promise.all([...parts, ...parts].map((text) => write(text)));
    await Promise.all(parts.map((text) => write(text)));
    expect(await contents(service)).toEqual(["123"]);
  });

  it("is not mixed up with another sender's, or with the next of the same reference", async () => {
    const { service, to } = await serviceWithNumber();
    await write({ to, text: "a", ...part(1, 9, 2) });
    await write({ to, text: "B", from: "447700900999", ...part(2, 9, 2) });
    expect(await contents(service)).toEqual([]);
    await write({ to, text: "b", ...part(2, 9, 2) });
    await write({ to, text: "d", ...part(2, 9, 2) });
    await write({ to, text: "c", ...part(1, 9, 2) });
    expect(await contents(service)).toEqual(["cd", "ab"]);
  });

  it("is passed on as it is when its other parts do not come", async () => {
    const { service, to } = await serviceWithNumber();
    await write({ to, text: "three", ...part(3, 11) });
    await write({ to, text: "one ", ...part(1, 11) });
    const sets = await listLeftOverSets(world.app.db, new Date(Date.now() + DAY_MS), 1_000);
    const ours = sets.filter(({ serviceId }) => serviceId === service.id);
    expect(ours).toHaveLength(1);
    for (const set of ours) await passOnLeftOver(world.app, set);
    for (const set of ours) await passOnLeftOver(world.app, set);
    expect(await contents(service)).toEqual(["one three"]);
  });

  it("with numbers that cannot be is taken as it comes", async () => {
    const { service, to } = await serviceWithNumber();
    await write({ to, text: "odd", part: { number: 4, reference: 1, total: 3 } });
    expect(await contents(service)).toEqual(["odd"]);
  });
});

describe("listReceivedTexts", () => {
  it("gives pages, newest first, of one service alone", async () => {
    const { service, to } = await serviceWithNumber();
    const other = await serviceWithNumber();
    for (const text of ["1", "2", "3"]) await write({ to, text });
    await write({ to: other.to, text: "theirs" });
    const [newest, ...older] = await listReceivedTexts(world.app.db, service, { limit: 2 });
    expect([newest?.content, ...older.map(({ content }) => content)]).toEqual(["3", "2"]);
    const page = await listReceivedTexts(world.app.db, service, { olderThan: older[0]?.id, limit: 2 });
    expect(page.map(({ content }) => content)).toEqual(["1"]);
    const [theirs] = await listReceivedTexts(world.app.db, other.service, { limit: 1 });
    expect(await listReceivedTexts(world.app.db, service, { olderThan: theirs?.id, limit: 2 })).toEqual([]);
    expect(await listReceivedTexts(world.app.db, service, { olderThan: newRandomId(), limit: 2 })).toEqual([]);
  });
});
