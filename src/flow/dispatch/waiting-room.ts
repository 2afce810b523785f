/** Messages that are ready and wait for room with their provider, each provider's in the order they came. */

export class WaitingRoom<Waiting extends { provider: string; waitsSinceMs: number }> {
  readonly #lines = new Map<string, Waiting[]>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** How many wait for one provider. */
  count(provider: string): number {
    return this.#lines.get(provider)?.length ?? 0;
  }

  add(waiting: Waiting): void {
    const line = this.#lines.get(waiting.provider);
    if (line) line.push(waiting);
    else this.#lines.set(waiting.provider, [waiting]);
    this.#size++;
  }

  /** Lets go of the first of each provider, one by one, for as long as `hasRoom` says so. */
  release(hasRoom: (provider: string) => boolean, onReleased: (waiting: Waiting) => void): void {
    for (const [provider, line] of this.#lines) {
      let released = 0;
      for (; released < line.length && hasRoom(provider); released++) onReleased(line[released] as Waiting);
      this.#drop(line, released);
    }
  }

  /** Takes out what has waited since before a moment. */
  takeOlder(sinceMs: number): Waiting[] {
    return [...this.#lines.values()].flatMap((line) => {
      const index = line.findIndex(({ waitsSinceMs }) => waitsSinceMs >= sinceMs);
      return this.#drop(line, index === -1 ? line.length : index);
    });
  }

  takeAll(): Waiting[] {
    return this.takeOlder(Number.POSITIVE_INFINITY);
  }

  #drop(line: Waiting[], count: number): Waiting[] {
    this.#size -= count;
    return count === 0 ? [] : line.splice(0, count);
  }
}
