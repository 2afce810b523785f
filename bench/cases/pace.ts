/** The pace of paced binds, as the carrier at their other end sees it: how many parts came in a second, and a thousand in how long. */
import { setTimeout as sleep } from "node:timers/promises";
import { silentLog } from "../../src/platform/log.ts";
import type { SmsProvider } from "../../src/providers/provider.ts";
import { smppProvider } from "../../src/providers/smpp/smpp-provider.ts";
import { startCarrier } from "../../src/sandbox/carrier/carrier.ts";

const MESSAGES = 1_000;
const PUMP_MS = 5;
const LOGIN = { host: "127.0.0.1", systemId: "bench", password: "bench", log: silentLog } as const;
const NO_NEWS = { receipt: async () => {}, inbound: async () => {}, complaint: async () => {}, availability: () => {} };

export interface PaceRun {
  binds: number;
  agreedPerSecond: number;
  measuredPerSecond: number;
  /** How long a thousand messages took, from the first to the last. */
  thousandSeconds: number;
}

/** As many as the provider has room for, as dispatch does. */
export async function measurePace(binds: number, agreedPerSecond: number): Promise<PaceRun> {
  const times: number[] = [];
  const carrier = await startCarrier({
    ...LOGIN,
    port: 0,
    outbox: (batch) => void times.push(...batch.map(({ at }) => at.getTime())),
  });
  const provider = smppProvider({ ...LOGIN, name: "paced", port: carrier.port, binds, maxPerSecond: agreedPerSecond });
  await provider.start(NO_NEWS);
  try {
    await sendAll(provider);
  } finally {
    await provider.stop();
    await carrier.stop();
  }
  const thousandSeconds = (Math.max(...times) - Math.min(...times)) / 1_000;
  return { binds, agreedPerSecond, measuredPerSecond: (times.length - 1) / thousandSeconds, thousandSeconds };
}

async function sendAll(provider: SmsProvider): Promise<void> {
  const sent: Promise<unknown>[] = [];
  while (sent.length < MESSAGES) {
    while (sent.length < MESSAGES && provider.capacity() > 0) {
      const notificationId = String(sent.length);
      const message = { notificationId, to: "447700900123", from: "Bench", text: "Hello", encoding: "gsm7" } as const;
      sent.push(provider.send(message));
    }
    await sleep(PUMP_MS);
  }
  await Promise.all(sent);
}
