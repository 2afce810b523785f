/** First in, first out, without moving what is left each time one leaves. */
export class Fifo<Item> {
  #items: Item[] = [];
  #next = 0;

  get length(): number {
    return this.#items.length - this.#next;
  }

  push(item: Item): void {
    this.#items.push(item);
  }

  shift(): Item | undefined {
    const item = this.#items[this.#next];
    if (this.#next < this.#items.length) this.#next++;
    if (this.#next * 2 > this.#items.length) this.#compact();
    return item;
  }

  /** Empties it, in order. */
  takeAll(): Item[] {
    const items = this.#items.slice(this.#next);
    this.#items = [];
    this.#next = 0;
    return items;
  }

  /** Costs as much as the items that have left since the last time: in the long run, nothing. */
  #compact(): void {
    this.#items = this.#items.slice(this.#next);
    this.#next = 0;
  }
}
