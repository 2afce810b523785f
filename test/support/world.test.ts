import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openContent } from "../../src/flow/personal-content.ts";
import { createWorld, type World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

describe("world", () => {
  it("makes services, templates and notifications as the product keeps them", async () => {
    const service = await world.service({ callbacks: { "delivery-receipt": "https://example.org/receipts" } });
    const template = await world.template(service, { channel: "email", body: "Hello ((name))" });
    const notification = await world.notification(service, {
      template,
      to: "Ada@Example.org",
      personalisation: { name: "Ada" },
      status: "sending",
    });
    expect(service.callbacks).toMatchObject([{ kinds: ["delivery-receipt"], url: "https://example.org/receipts" }]);
    expect(service.keys.map(({ kind, secret }) => [kind, secret.export().toString()])).toEqual(
      expect.arrayContaining(Object.entries(service.secrets)),
    );
    expect(notification).toMatchObject({ channel: "email", templateId: template.templateId, status: "sending" });
    expect(openContent(service, notification)).toMatchObject({ submittedRecipient: "Ada@Example.org" });
  });

  it("makes notifications of other days, and moves its clock", async () => {
    const weekAgo = new Date(world.clock.now().getTime() - 7 * 86_400_000);
    const { createdAt } = await world.notification(await world.service(), { createdAt: weekAgo });
    expect(createdAt).toEqual(weekAgo);
    const before = world.clock.now().getTime();
    world.clock.advance(60_000);
    expect(world.clock.now().getTime() - before).toBeGreaterThanOrEqual(60_000);
  });
});
