/** Gathers the mails of a moment and hands them over in one batch; while a batch is being written, the next one gathers. */

const BATCH_MAX = 500;

/** A function that resolves when its item has been written, and rejects when its batch could not be. */
export function inBatches<Item>(write: (items: Item[]) => Promise<void>): (item: Item) => Promise<void> {
  let gathering: { item: Item; resolve: () => void; reject: (error: unknown) => void }[] = [];
  let isWriting = false;

  async function writeAll(): Promise<void> {
    isWriting = true;
    while (gathering.length > 0) {
      const batch = gathering.slice(0, BATCH_MAX);
      gathering = gathering.slice(BATCH_MAX);
      await write(batch.map(({ item }) => item)).then(
        () => batch.forEach(({ resolve }) => void resolve()),
        (error: unknown) => batch.forEach(({ reject }) => void reject(error)),
      );
    }
    isWriting = false;
  }

  return (item) =>
    new Promise((resolve, reject) => {
      gathering.push({ item, resolve, reject });
      if (!isWriting) void writeAll();
    });
}
