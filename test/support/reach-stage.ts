/** A service that reaches people, and what its requests and answers are made of. */
import { expect, vi } from "vitest";
import type { Intake } from "../../src/flow/intake/accept.ts";
import { REACH_QUEUE } from "../../src/flow/jobs.ts";
import { startReaches } from "../../src/flow/reach/reach-worker.ts";
import { type ApiAnswer, intakeOf, type RequestOptions, startApi } from "./api.ts";
import { createWorld } from "./world.ts";

const WAIT = { timeout: 30_000, interval: 20 };
export const NUMBER = "07700 900123";
const INBOUND = "07700900500";

export type ReachWish = { steps: object[]; [field: string]: unknown };
export type ReachStage = Awaited<ReturnType<typeof stageOfReaches>>;

export async function stageOfReaches() {
  const world = await createWorld();
  const api = await startApi(world.app);
  const service = await world.service({
    permissions: ["sms", "email", "letter", "inbound_sms", "chat"],
    textSender: INBOUND,
  });
  await world.inboundNumber(service, INBOUND);
  const templates = {
    sms: await world.template(service, { body: "Hi ((name)), call us" }),
    email: await world.template(service, { channel: "email", body: "Dear ((name)), call us" }),
    letter: await world.template(service, { channel: "letter", body: "Dear ((name)), write to us" }),
    chat: await world.template(service, { channel: "chat", body: "Hello ((name)), call us" }),
  };
  const post = (wish: ReachWish, options: RequestOptions = {}): Promise<ApiAnswer> =>
    api.post("/v2/reach", { personalisation: { name: "Ada" }, ...wish }, { as: service, ...options });
  const read = async (id: string) => (await api.get(`/v2/reach/${id}`, { as: service })).json;
  const notificationOf = async (id: string, step = 1): Promise<string> =>
    (await read(id)).steps[step - 1].notification?.id;
  return {
    ...{ world, api, service, templates, post, read, notificationOf },
    /** A step that others may follow. */
    text: (change: object = {}) => ({ ...step("sms", templates), phone_number: NUMBER, wait_seconds: 600, ...change }),
    email: (change: object = {}) => ({ ...step("email", templates), email_address: "ada@example.org", ...change }),
    letter: (change: object = {}) => ({ ...step("letter", templates), ...change }),
    chat: (change: object = {}) => ({
      ...step("chat", templates),
      recipient: { app: "whatsapp", phone_number: NUMBER },
      ...change,
    }),
    begun: async (wish: ReachWish, options: RequestOptions = {}): Promise<{ id: string }> => {
      const answer = await post(wish, options);
      expect([answer.status, answer.text]).toEqual([201, expect.any(String)]);
      return answer.json;
    },
    act: (id: string, noun: "confirmation" | "cancellation", options: RequestOptions = {}) =>
      api.post(`/v2/reach/${id}/${noun}`, "", { as: service, ...options }),
    statesOf: async (id: string) => (await read(id)).steps.map(({ state }: { state: string }) => state),
    becomes: async (id: string, status: string, of = 1): Promise<void> => {
      await world.app.db.query`update notifications set status = ${status} where id = ${await notificationOf(id, of)}`;
    },
    /** Looks at every reach so many times. */
    look: async (change: Partial<Intake> = {}, rounds = 1): Promise<void> => {
      // Before anybody is at work: what is leased and woken then is worked on twice.
      await world.wakeJobs(REACH_QUEUE);
      const worker = await startReaches({ ...intakeOf(world.app), ...change });
      for (let round = 0; round < rounds; round += 1) {
        if (round > 0)
          await world.app.db.query`update jobs set wake_at = null where queue = ${REACH_QUEUE} and wake_at is not null`;
        worker.wake();
        await vi.waitFor(async () => {
          const left = await world.app.db.query`
            select j.id from jobs j where j.queue = ${REACH_QUEUE} and (j.wake_at is null or j.leases > 0)`;
          expect(left).toEqual([]);
        }, WAIT);
      }
      await worker.stop();
    },
    close: async () => {
      await api.close();
      await world.close();
    },
  };
}

function step(channel: "sms" | "email" | "letter" | "chat", templates: Record<string, { templateId: string }>) {
  return { channel, template_id: templates[channel]?.templateId };
}

/** As the last step is: none follows it. */
export function last({ wait_seconds: _, ...step }: Record<string, unknown>): object {
  return step;
}

export const errorOf = ({ status, json }: ApiAnswer) => [status, json.errors?.[0]];
