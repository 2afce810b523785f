import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createWorld, type ServiceWish, type World } from "../../../test/support/world.ts";
import { newRandomId } from "../../platform/ids.ts";
import { findNotification } from "../../records/notifications/notification-store.ts";
import type { Intake } from "../intake/accept.ts";
import { createDailyLimits } from "../intake/daily-limit.ts";
import { createFlights } from "../intake/flights.ts";
import { createRateLimit } from "../intake/rate-limit.ts";
import { readMessage } from "../messages/read-message.ts";
import { createSuppressedLookup } from "../suppressions/suppressed-lookup.ts";
import { missingValues, readOneOff, sendOneOff, startOneOff, updateOneOff } from "./one-off.ts";

let world: World;
let intake: Intake;
const person = { userId: newRandomId(), ip: undefined, name: "Ada Lovelace" };

beforeAll(async () => {
  world = await createWorld();
  const { app } = world;
  intake = {
    ...app,
    flights: createFlights(app.db, () => {}),
    rateLimit: createRateLimit(app.db, app.clock),
    dailyLimits: createDailyLimits(app.db, app.clock),
    suppressed: createSuppressedLookup(app.db),
  };
});
afterAll(() => world.close());

async function drafted(wish: ServiceWish = {}) {
  const service = await world.service(wish);
  const template = await world.template(service, { body: "Hello ((name))" });
  const writer = { service, userId: person.userId };
  const id = await startOneOff(intake, writer, { templateId: template.templateId });
  return { service, template, writer, id };
}

describe("a message that a person writes", () => {
  it("is filled in step by step and sent once, by name", async () => {
    const { service, template, writer, id } = await drafted();
    const draft = await updateOneOff(intake, writer, { id, recipient: "07700 900123", step: 1 });
    expect(missingValues(template, { ...draft, files: [] })).toEqual(["name"]);
    await updateOneOff(intake, writer, { id, values: { name: "Bob" }, step: 2 });
    const twice = await Promise.all([1, 2].map(() => sendOneOff(intake, person, { service, draftId: id })));
    const again = await sendOneOff(intake, person, { service, draftId: id });
    expect(new Set([...twice, again]).size).toBe(1);
    const message = await readMessage(intake, service, again);
    expect(message).toMatchObject({ body: "Hello Bob", keyKind: "live" });
    expect(message.timeline[0]).toMatchObject({ kind: "accepted", by: { kind: "person", name: "Ada Lovelace" } });
    const [{ sent } = { sent: 0 }] = await intake.db.query<{ sent: number }>`
      select count(*)::integer as sent from notifications where service_id = ${service.id}`;
    expect(sent).toBe(1);
    const deeds = await intake.db.query<{ subject: string }>`
      select a.subject from audit_log a where a.action = 'message.sent' and a.service_id = ${service.id}`;
    expect(deeds).toEqual([{ subject: again }]);
    await expect(updateOneOff(intake, writer, { id, step: 3 })).rejects.toThrow("has been sent");
  });

  it("has no key, not even as it is made, and says who sent it", async () => {
    const { service, writer, id } = await drafted();
    await updateOneOff(intake, writer, { id, recipient: "07700 900123", values: { name: "Bob" } });
    const notification = await findNotification(
      intake.db,
      service.id,
      await sendOneOff(intake, person, { service, draftId: id }),
    );
    expect(notification).toMatchObject({ apiKeyId: undefined, keyKind: "live", createdByName: "Ada Lovelace" });
  });

  it("is nobody else's to read", async () => {
    const { service, id } = await drafted();
    const other = { service, userId: newRandomId() };
    await expect(readOneOff(intake, other, id)).rejects.toMatchObject({ kind: "not-found" });
  });

  it("is refused with a wrong number and a missing value; then it can be mended", async () => {
    const { service, writer, id } = await drafted();
    const send = () => sendOneOff(intake, person, { service, draftId: id });
    await updateOneOff(intake, writer, { id, recipient: "077" });
    await expect(send()).rejects.toMatchObject({ problems: [{ field: "recipient" }] });
    await updateOneOff(intake, writer, { id, recipient: "07700 900123" });
    await expect(send()).rejects.toThrow("Missing personalisation: name");
    await updateOneOff(intake, writer, { id, values: { name: "Bob" } });
    await expect(send()).resolves.toBeTypeOf("string");
  });

  it("goes to nobody outside the team while the service is in trial", async () => {
    const { service, writer, id } = await drafted({ isTrial: true });
    await updateOneOff(intake, writer, { id, recipient: "07700 900123", values: { name: "Bob" } });
    const refusal = { problems: [{ field: "recipient", problem: "trial" }] };
    await expect(sendOneOff(intake, person, { service, draftId: id })).rejects.toMatchObject(refusal);
  });

  it("says which limit is reached", async () => {
    const { service, writer, id } = await drafted({ dailyLimitSms: 0 });
    await updateOneOff(intake, writer, { id, recipient: "07700 900123", values: { name: "Bob" } });
    const refusal = { kind: "limit-reached", limitKind: "sms", limit: 0 };
    await expect(sendOneOff(intake, person, { service, draftId: id })).rejects.toMatchObject(refusal);
  });

  it("is not sent to a recipient that is for trying out the API", async () => {
    const { service, writer, id } = await drafted();
    await updateOneOff(intake, writer, { id, recipient: "07700 900000", values: { name: "Bob" } });
    const refusal = { problems: [{ field: "recipient", problem: "simulated" }] };
    await expect(sendOneOff(intake, person, { service, draftId: id })).rejects.toMatchObject(refusal);
  });

  it.each([
    { retention: 7, days: 6 },
    { retention: 90, days: 30 },
  ])("may be sent $days days later, where messages are kept for $retention", async ({ retention, days: last }) => {
    const { service, writer, id } = await drafted({ retentionDays: { sms: retention } });
    await updateOneOff(intake, writer, { id, recipient: "07700 900123", values: { name: "Bob" } });
    const inDays = (days: number) => new Date(Date.now() + days * 86_400_000);
    const at = (scheduledFor: Date) => sendOneOff(intake, person, { service, draftId: id, scheduledFor });
    await expect(at(inDays(last + 0.01))).rejects.toMatchObject({ problems: [{ field: "scheduledFor" }] });
    await expect(at(inDays(-1))).rejects.toMatchObject({ problems: [{ field: "scheduledFor" }] });
    const message = await readMessage(intake, service, await at(inDays(last - 0.01)));
    expect(message.isCancellable).toBe(true);
  });
});
