/** The carrier both products send through: the sandbox's, in a process of its own, reporting on each text at once. */
import { setTimeout as sleep } from "node:timers/promises";
import { silentLog } from "../../src/platform/log.ts";
import { type Carrier, startCarrier } from "../../src/sandbox/carrier/carrier.ts";
import type { CarrierFaults } from "../../src/sandbox/carrier/faults.ts";
import type { SandboxText } from "../../src/sandbox/carrier/reassembly.ts";
import { answerWith } from "./helper.ts";

/** The carrier hands over what it took after a moment. */
const OUTBOX_WAIT_MS = 100;
const TOKEN = /Reference (\S+)$/;
/** The carrier notes whole milliseconds: on average half of one has passed. */
const HALF_A_MILLISECOND = 0.5;

export interface CarrierOrder {
  port: number;
  systemId: string;
  password: string;
}

export type CarrierSkills = {
  listen(order: CarrierOrder): Promise<number>;
  /** What it does badly from now on. */
  setFaults(faults: Partial<CarrierFaults>): void;
  /** How many submits it has been given, those it puts off among them. */
  submits(): number;
  /** From now on notes when each text came, which costs some time. */
  noteTimes(isWanted: boolean): void;
  /** When each text came, by its token. */
  times(): Promise<Map<string, number>>;
};

const state = { carrier: undefined as Carrier | undefined, isNoting: false, times: new Map<string, number>() };

async function listen(order: CarrierOrder): Promise<number> {
  state.carrier = await startCarrier({ ...order, host: "127.0.0.1", log: silentLog, outbox: note });
  return state.carrier.port;
}

function note(texts: SandboxText[]): void {
  if (!state.isNoting) return;
  for (const { text, at } of texts) {
    const token = TOKEN.exec(text)?.[1];
    if (token !== undefined) state.times.set(token, at.getTime() + HALF_A_MILLISECOND);
  }
}

answerWith({
  listen,
  setFaults: (faults: Partial<CarrierFaults>) => state.carrier?.setFaults(faults),
  submits: () => state.carrier?.counts().submits ?? 0,
  noteTimes: (isWanted: boolean) => {
    state.isNoting = isWanted;
    state.times = new Map();
  },
  times: async () => {
    await sleep(OUTBOX_WAIT_MS);
    return state.times;
  },
});
