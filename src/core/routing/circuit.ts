/**
 * A provider's circuit: closed while it is well; open when it is in trouble, and then only a message now and then tries it out; half
 * open while it comes back, by steps.
 *
 *     closed ──trouble──► open ──trials went well──► half-open 10 % ► 25 % ► 50 % ──► closed
 *                          ▲───────────trouble────────────┘
 */
import { type HealthRules, type Tally, type Trouble, type TroubleKind, troubleOf } from "./health-rules.ts";

export interface Circuit {
  state: "closed" | "open" | "half-open";
  /** Of the messages that would be its own: 0 to 1. */
  share: number;
  /** Why it was opened last; undefined once it has come back. */
  trouble: Trouble | undefined;
  /** How often it has been opened since it was last well. */
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
/** Troubles that answers to hand-overs say nothing of: a receipt has to come, too. */
const BEYOND_ANSWERS: readonly TroubleKind[] = ["failures", "silent", "canary"];

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
      return isTrialDue(circuit, { rules, now }) && wentWell(circuit, tally, rules)
        ? { ...circuit, state: "half-open", share: STEPS[0], changedAt: now }
        : circuit;
    case "half-open": {
      const trouble = troubleOf(tally, cautious(rules));
      if (trouble) return opened(circuit, trouble, now);
      return now.getTime() - circuit.changedAt.getTime() < rules.stepSeconds * 1_000 ? circuit : raised(circuit, now);
    }
  }
}

/** Whether an open circuit has been left alone long enough to be tried. */
export function isTrialDue(circuit: Circuit, { rules, now }: Pick<Observed, "rules" | "now">): boolean {
  if (circuit.state !== "open") return false;
  const doublings = Math.min(circuit.openings - 1, DOUBLINGS_MAX);
  const openMs = Math.min(OPEN_MAX_MS, rules.openSeconds * 1_000 * 2 ** doublings);
  return now.getTime() - circuit.changedAt.getTime() >= openMs;
}

function opened({ openings }: Circuit, trouble: Trouble, now: Date): Circuit {
  return { state: "open", share: 0, trouble, openings: openings + 1, changedAt: now };
}

function raised(circuit: Circuit, now: Date): Circuit {
  const next = STEPS.find((step) => step > circuit.share);
  return next === undefined ? closedCircuit(now) : { ...circuit, share: next, changedAt: now };
}

function wentWell({ trouble }: Circuit, tally: Tally, rules: HealthRules): boolean {
  if (tally.taken < TRIALS || troubleOf(tally, cautious(rules))) return false;
  const needsReceipt = trouble !== undefined && BEYOND_ANSWERS.includes(trouble.kind);
  return !needsReceipt || tally.reported - tally.reportedFailed > 0;
}

function cautious(rules: HealthRules): HealthRules {
  return { ...rules, leastMessages: Math.max(LEAST_MESSAGES, Math.ceil(rules.leastMessages / CAUTION)) };
}
