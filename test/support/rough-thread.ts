/** A thread that behaves as badly as it is asked to, for the tests of the pool. */
import { answerOrders } from "../../src/platform/threads/answer-orders.ts";

const MEGABYTE = 1024 * 1024;

export type RoughSkills = {
  add: { order: [number, number]; answer: number };
  environment: { order: undefined; answer: string[] };
  fail: { order: undefined; answer: never };
  exit: { order: undefined; answer: never };
  spin: { order: undefined; answer: never };
  fillHeap: { order: undefined; answer: never };
  fillBuffers: { order: undefined; answer: never };
};

await answerOrders(() => ({
  add: ([one, two]: [number, number]) => one + two,
  environment: () => Object.keys(process.env),
  fail: () => {
    throw new Error("it did not work");
  },
  exit: () => process.exit(3),
  spin: () => {
    for (;;);
  },
  fillHeap: () => {
    for (const kept: unknown[] = []; ; ) kept.push({ kept: String(kept.length) });
  },
  fillBuffers: () => {
    for (const kept: Buffer[] = []; ; ) kept.push(Buffer.alloc(MEGABYTE, 1));
  },
}));
