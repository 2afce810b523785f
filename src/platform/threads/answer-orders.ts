/** The thread's side of a pool: answers the orders that it is given, one after the other. */
import { parentPort, workerData } from "node:worker_threads";

export type Reply =
  | { readonly kind: "ready" }
  | { readonly kind: "answered"; readonly answer: unknown }
  | { readonly kind: "failed"; readonly message: string };

type Answers = { [name: string]: (order: never) => unknown };

/** `prepare` is given the pool's settings and makes what answers; orders come only after it. */
export async function answerOrders(prepare: (settings: never) => Answers | Promise<Answers>): Promise<void> {
  const port = parentPort;
  if (!port) throw new Error("This module runs in a thread of a pool");
  const answers = await prepare(workerData as never);
  port.on("message", async ({ name, order }: { name: string; order: unknown }) => {
    port.postMessage(await replyTo(answers[name], order));
  });
  port.postMessage({ kind: "ready" } satisfies Reply);
}

async function replyTo(answer: Answers[string] | undefined, order: unknown): Promise<Reply> {
  if (!answer) return { kind: "failed", message: "This thread does no such thing" };
  try {
    return { kind: "answered", answer: await answer(order as never) };
  } catch (error) {
    return { kind: "failed", message: error instanceof Error ? error.message : String(error) };
  }
}
