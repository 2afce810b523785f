import { expect, it, vi } from "vitest";
import { PATIENCE } from "../../../test/support/patience.ts";
import { inBatches } from "./outbox-writer.ts";

function heldWriter() {
  const held: { items: number[]; resolve: () => void; reject: (error: Error) => void }[] = [];
  const write = inBatches<number>((items) => new Promise((resolve, reject) => held.push({ items, resolve, reject })));
  return { held, write };
}

it("what comes while a batch is written makes up the next", async () => {
  const { held, write } = heldWriter();
  const first = write(1);
  const others = [write(2), write(3), write(4)];
  expect(held.map(({ items }) => items)).toEqual([[1]]);
  held[0]?.resolve();
  await first;
  await vi.waitFor(() => expect(held.map(({ items }) => items)).toEqual([[1], [2, 3, 4]]), PATIENCE);
  held[1]?.resolve();
  await Promise.all(others);
});

it("a batch that could not be written fails all in it, and only those", async () => {
  const { held, write } = heldWriter();
  const first = write(1);
  const second = write(2);
  held[0]?.reject(new Error("no database"));
  await expect(first).rejects.toThrow("no database");
  await vi.waitFor(() => expect(held).toHaveLength(2), PATIENCE);
  held[1]?.resolve();
  await second;
});

it("a batch holds at most 500", async () => {
  const { held, write } = heldWriter();
  const writes = Array.from({ length: 1_001 }, (_, item) => write(item));
  for (const size of [1, 500, 500]) {
    await vi.waitFor(() => expect(held.at(-1)?.items).toHaveLength(size), PATIENCE);
    held.at(-1)?.resolve();
    await writes[held.at(-1)?.items.at(-1) ?? 0];
  }
  await Promise.all(writes);
});
