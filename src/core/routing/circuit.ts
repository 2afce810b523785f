/**
 * A provider's circuit: closed while it is well; open when it is in trouble, and then only a message now and then tries it out; half
 * open while it comes back, by steps.
 *
 *     closed ──trouble──► open ──trials went well──► half-open 10 % ► 25 % ► 50 % ──► closed
 *                        ▲  │▲──────────trouble─────────────┘
 *                        └──┘ a trial failed: left alone for twice as long
 */
import {
  CANARIES_MAX,
  type HealthRules,
  type Tally,
  type Trouble,
  type TroubleKind,
  troubleOf,
} from "./health-rules.ts";

export interface Circuit {
  state: "closed" | "open" | "half-open";
  /** Of the messages that would be its own: 0 to 1. */
  share: number;
  /** Why it was opened last; undefined once it has come back. */
  trouble: Trouble | undefined;
  /** How often it has been opened, or has failed its trials, since it was last well. */
  openings: number;
  changedAt: Date;
}

const STEPS = [0.1, 0.25, 0.5] as const;
const OPEN_MAX_MS = 5 * 60_000;
const DOUBLINGS_MAX = 10;
/** So many trials must have gone well before more is risked. */
const TRIALS = 3;
/** While it comes back, a quarter of the usual proof of trouble is enough. */
const CAUTION = 4;
const LEAST_MESSAGES = 3;
/** Troubles that answers to hand-overs say nothing of: a receipt has to come, too. For lost canaries one that arrives does. */
const BEYOND_ANSWERS: readonly TroubleKind[] = ["failures", "silent"];

export function closedCircuit(changedAt: Date): Circuit {
  return { state: "closed", share: 1, trouble: undefined, openings: 0, changedAt };
}

export interface Observed {
  /** Since the circuit was opened, where it is not closed. */
  tally: Tally;
  rules: HealthRules;
  now: Date;
}

/** What becomes of a circuit; the same object when nothing changes. */
export function nextCircuit(circuit: Circuit, { tally, rules, now }: Observed): Circuit {
  switch (circuit.state) {
    case "closed": {
      const trouble = troubleOf(tally, rules);
      return trouble ? opened(circuit, trouble, now) : circuit;
    }
    case "open":
      return isTrialDue(circuit, { rules, now }) ? tried(circuit, { tally, rules, now }) : circuit;
    case "half-open": {
      const trouble = troubleOf(tally, cautious(rules));
      if (trouble) return opened(circuit, trouble, now);
      return now.getTime() - circuit.changedAt.getTime() < rules.stepSeconds * 1_000 ? circuit : raised(circuit, now);
    }
  }
}

/** Whether an open circuit has been left alone long enough to be tried. */
export function isTrialDue(circuit: Circuit, { rules, now }: Pick<Observed, "rules" | "now">): boolean {
  return circuit.state === "open" && now >= trialsFrom(circuit, rules);
}

/** Until when an open circuit is left alone. `openSeconds` may be set longer than the doublings of a shorter one reach. */
export function trialsFrom({ openings, changedAt }: Circuit, { openSeconds }: HealthRules): Date {
  const firstMs = openSeconds * 1_000;
  const doubledMs = firstMs * 2 ** Math.min(openings - 1, DOUBLINGS_MAX);
  return new Date(changedAt.getTime() + Math.min(Math.max(OPEN_MAX_MS, firstMs), doubledMs));
}

function tried(circuit: Circuit, { tally, rules, now }: Observed): Circuit {
  if (wentBadly(tally, rules)) return opened(circuit, circuit.trouble, now);
  if (!wentWell(circuit, tally)) return circuit;
  return { ...circuit, state: "half-open", share: STEPS[0], changedAt: now };
}

function opened({ openings }: Circuit, trouble: Trouble | undefined, now: Date): Circuit {
  return { state: "open", share: 0, trouble, openings: openings + 1, changedAt: now };
}

function raised(circuit: Circuit, now: Date): Circuit {
  const next = STEPS.find((step) => step > circuit.share);
  return next === undefined ? closedCircuit(now) : { ...circuit, share: next, changedAt: now };
}

/** Canaries go out on their own, whether it is tried or not: those that are lost delay it, and are no failed trial. */
function wentBadly(tally: Tally, rules: HealthRules): boolean {
  const { passed, failed } = tally.trials;
  if (failed > 0 && failed / (passed + failed) >= rules.errorShare) return true;
  return troubleOf({ ...tally, failedCanaries: 0 }, cautious(rules)) !== undefined;
}

function wentWell({ trouble }: Circuit, { trials, failedCanaries }: Tally): boolean {
  if (trials.passed < TRIALS || failedCanaries >= CANARIES_MAX) return false;
  const needsReceipt = trouble !== undefined && BEYOND_ANSWERS.includes(trouble.kind);
  return !needsReceipt || trials.delivered > 0;
}

function cautious(rules: HealthRules): HealthRules {
  return { ...rules, leastMessages: Math.max(LEAST_MESSAGES, Math.ceil(rules.leastMessages / CAUTION)) };
}
