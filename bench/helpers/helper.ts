/**
 * A process of the benchmark's own that is asked to do things and answers: the load generator, the receiver of callbacks, the carrier.
 * Each has a processor's time of its own, which is counted apart, and ends when the benchmark does, however that ends.
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const STOP_WITHIN_MS = 3_000;

/** What a helper can be asked: names, and what each takes and gives. */
export type Skills = { [name: string]: (order: never) => unknown };

type Order<Skill> = Skill extends (order: infer Order) => unknown ? Order : never;
type Answer<Skill> = Skill extends (order: never) => infer Result ? Awaited<Result> : never;

interface Question {
  id: number;
  skill: string;
  order: unknown;
}

type Reply = { id: number; answer: unknown } | { id: number; failure: string };

export interface Helper<Known extends Skills> {
  readonly pid: number;
  ask<Name extends keyof Known & string>(skill: Name, order: Order<Known[Name]>): Promise<Answer<Known[Name]>>;
  stop(): Promise<void>;
}

/** Starts the helper in `file`, a module of this folder; it runs as this process does, from the sources. */
export async function startHelper<Known extends Skills>(file: string): Promise<Helper<Known>> {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), { serialization: "advanced" });
  const waiting = new Map<number, { resolve: (answer: never) => void; reject: (error: Error) => void }>();
  child.on("message", (message) => settle(waiting, message as Reply));
  child.once("exit", () => {
    for (const { reject } of waiting.values()) reject(new Error(`${file} has ended`));
  });
  let asked = 0;
  await once(child, "spawn");
  return {
    pid: child.pid ?? 0,
    ask: (skill, order) =>
      new Promise((resolve, reject) => {
        const question: Question = { id: ++asked, skill, order };
        waiting.set(question.id, { resolve, reject });
        child.send(question, (error) => error && reject(error));
      }),
    stop: () => stop(child),
  };
}

function settle(
  waiting: Map<number, { resolve: (answer: never) => void; reject: (error: Error) => void }>,
  reply: Reply,
): void {
  const question = waiting.get(reply.id);
  waiting.delete(reply.id);
  if ("failure" in reply) question?.reject(new Error(reply.failure));
  else question?.resolve(reply.answer as never);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.disconnect();
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_WITHIN_MS);
  await ended;
  clearTimeout(timer);
}

/** In the helper itself: answers what it is asked. */
export function answerWith(skills: Skills): void {
  process.once("disconnect", () => process.exit());
  process.on("message", async ({ id, skill, order }: Question) => {
    try {
      const reply: Reply = { id, answer: await skills[skill]?.(order as never) };
      process.send?.(reply);
    } catch (error) {
      const reply: Reply = { id, failure: error instanceof Error ? (error.stack ?? error.message) : String(error) };
      process.send?.(reply);
    }
  });
}

/** Milliseconds since 1970 with their fraction, the same clock in all processes of this machine. */
export function nowMs(): number {
  return performance.timeOrigin + performance.now();
}
