/**
 * Listening to what PostgreSQL's `notify` says, for as long as somebody wants to hear. Every signal wakes every connection that listens,
 * so a process has one for each channel, however many of its parts listen.
 */
import pg from "pg";

export interface Subscription {
  close(): Promise<void>;
}

/** Told the payload of each signal, and nothing after a time in which signals may have been missed. */
type OnSignal = (payload: string | undefined) => void;

interface Channel {
  listeners: Set<OnSignal>;
  connected: Promise<Subscription>;
}

export type Listen = (channel: string, onSignal: OnSignal) => Promise<Subscription>;

/** Makes the `listen` of one process's database. */
export function createListening(config: pg.ClientConfig): Listen {
  const channels = new Map<string, Channel>();
  const open = (name: string): Channel => {
    const listeners = new Set<OnSignal>();
    const connected = keepConnected(config, name, (payload) => {
      for (const tell of listeners) tell(payload);
    });
    const channel = { listeners, connected };
    channels.set(name, channel);
    return channel;
  };
  return async (name, onSignal) => {
    const channel = channels.get(name) ?? open(name);
    const tell: OnSignal = (payload) => onSignal(payload); // The same function may listen twice.
    channel.listeners.add(tell);
    await channel.connected;
    return {
      close: async () => {
        channel.listeners.delete(tell);
        if (channel.listeners.size > 0 || channels.get(name) !== channel) return;
        channels.delete(name);
        await (await channel.connected).close();
      },
    };
  };
}

const LISTEN_RETRY_MS = 1_000;

async function keepConnected(config: pg.ClientConfig, channel: string, onSignal: OnSignal): Promise<Subscription> {
  const state: { client: pg.Client | undefined; closed: boolean; timer: NodeJS.Timeout | undefined } = {
    client: undefined,
    closed: false,
    timer: undefined,
  };
  const again = () => {
    state.client = undefined;
    if (!state.closed) state.timer = setTimeout(() => void connect(), LISTEN_RETRY_MS);
  };
  const connect = async (): Promise<void> => {
    const client = new pg.Client(config);
    client.on("notification", (message) => onSignal(message.payload));
    client.on("error", () => {});
    try {
      await client.connect();
      await client.query(`listen ${client.escapeIdentifier(channel)}`);
      client.once("end", again);
      state.client = client;
      onSignal(undefined); // Something may have been said while nobody listened.
    } catch {
      await client.end().catch(() => {});
      again();
    }
  };
  await connect();
  return {
    close: async () => {
      state.closed = true;
      clearTimeout(state.timer);
      await state.client?.end().catch(() => {});
    },
  };
}
