import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createWorld, type World } from "../../../test/support/world.ts";
import type { Outcome } from "../../providers/provider.ts";
import { getOutgoing } from "../../records/notifications/notification-store.ts";
import { createRecorder, type Handled } from "./recorder.ts";

let world: World;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

/** Records that it ended so, and then that it was taken when it was leased again, by someone who knows of no earlier try. */
async function endAndGoOut(isRepeated: boolean, ending: Handled["ending"]): Promise<boolean> {
  const { id } = await world.notification(await world.service());
  const recorder = createRecorder(world.app);
  const [notification] = await getOutgoing(world.app.db, [id]);
  if (!notification) throw new Error("the notification is not in the database");
  await recorder.record({ notification, isRepeated, ending });
  const accepted = handedOver({ kind: "accepted", references: [`carrier-${id}`] });
  await recorder.record({ notification, isRepeated: false, ending: accepted });
  return (await world.latest({ id })).mayBeRepeated;
}

function handedOver(outcome: Outcome): Handled["ending"] {
  return { kind: "outcome", provider: "fen", routeNote: "fen only", outcome };
}

describe("a message whose earlier try never reported back", () => {
  const at = new Date("2026-06-01T12:00:00Z");
  it.each<[string, Handled["ending"]]>([
    ["finds no room and is put back", { kind: "put-back", at }],
    ["is held until the morning", { kind: "held", at }],
    [
      "meets a provider that asks for a moment",
      handedOver({ kind: "unavailable", reason: "busy", retryAfterMs: 1_000 }),
    ],
  ])("is marked as perhaps sent twice when it %s before it goes out", async (_, ending) => {
    expect(await endAndGoOut(true, ending)).toBe(true);
    expect(await endAndGoOut(false, ending)).toBe(false);
  });
});
