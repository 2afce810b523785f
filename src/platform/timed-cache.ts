/** What was read a moment ago, for a moment: bounded in time and number, and one load at a time for each key. */
export interface TimedCache<Key, Value> {
  get(key: Key): Promise<Value>;
  /** Forgets a key, so that the next `get` loads it anew. */
  forget(key: Key): void;
}

export interface TimedCacheOptions<Key, Value> {
  ttlMs: number;
  maxEntries: number;
  load: (key: Key) => Promise<Value>;
  now?: () => number;
}

interface Entry<Value> {
  value: Promise<Value>;
  expiresAtMs: number;
}

/** A load that fails is not kept: the next `get` tries again. */
export function createTimedCache<Key, Value>(options: TimedCacheOptions<Key, Value>): TimedCache<Key, Value> {
  const { ttlMs, maxEntries, load, now = () => performance.now() } = options;
  const entries = new Map<Key, Entry<Value>>();
  const keep = (key: Key): Promise<Value> => {
    if (entries.size >= maxEntries) dropOldest(entries);
    const value = load(key);
    entries.delete(key);
    entries.set(key, { value, expiresAtMs: now() + ttlMs });
    value.catch(() => {
      if (entries.get(key)?.value === value) entries.delete(key);
    });
    return value;
  };
  return {
    get: (key) => {
      const entry = entries.get(key);
      return entry && entry.expiresAtMs > now() ? entry.value : keep(key);
    },
    forget: (key) => {
      entries.delete(key);
    },
  };
}

/** A map keeps its order of insertion, so its first key is the one loaded longest ago. */
function dropOldest<Key, Value>(entries: Map<Key, Value>): void {
  const oldest = entries.keys().next();
  if (!oldest.done) entries.delete(oldest.value);
}
