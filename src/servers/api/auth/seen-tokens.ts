/** Tokens whose signature was found good: clients sign one and use it for seconds, and looking is cheaper than verifying. */
export interface Seen {
  serviceId: string;
  keyId: string;
  issuedAtSeconds: number;
}

const TOKENS_MAX = 10_000;
const TOKEN_MAX_CHARACTERS = 1_024;

/** Bounded: the token remembered first is the first forgotten, and it is the likeliest to be out of time. */
export class SeenTokens {
  readonly #tokens = new Map<string, Seen>();

  find(token: string): Seen | undefined {
    return this.#tokens.get(token);
  }

  remember(token: string, seen: Seen): void {
    if (token.length > TOKEN_MAX_CHARACTERS) return;
    this.#tokens.set(token, seen);
    if (this.#tokens.size > TOKENS_MAX) this.#forgetOldest();
  }

  get size(): number {
    return this.#tokens.size;
  }

  #forgetOldest(): void {
    const oldest = this.#tokens.keys().next();
    if (!oldest.done) this.#tokens.delete(oldest.value);
  }
}
