/** Somebody who is reached by several steps, in the world that sweeps look at. */
import { startReach } from "../../src/flow/reach/start-reach.ts";
import { intakeOf } from "./api.ts";
import type { World, WorldService } from "./world.ts";

export async function makeReach(world: World, service: WorldService): Promise<Record<string, string>> {
  const key = service.keys.find(({ kind }) => kind === "test");
  if (!key) throw new Error("there is no test key");
  const step = { addressText: undefined, personalisation: {}, senderId: undefined, until: "delivered" } as const;
  const [text, email] = [await world.template(service), await world.template(service, { channel: "email" })];
  const { reach } = await startReach(intakeOf(world.app), {
    ...{ service, key, mostCost: undefined, callbackUrl: undefined, idempotency: undefined },
    reference: "reservation ready",
    deadline: new Date(world.app.clock.now().getTime() + 3_600_000),
    wish: {
      steps: [
        {
          ...step,
          number: 1,
          channel: "sms",
          templateId: text.templateId,
          recipient: "07700 900988",
          waitSeconds: 600,
        },
        {
          ...step,
          number: 2,
          channel: "email",
          templateId: email.templateId,
          recipient: "a@b.org",
          waitSeconds: undefined,
        },
      ],
      ...{ priority: undefined, validForSeconds: undefined },
    },
  });
  return { "/reach/:rid": reach.id };
}
