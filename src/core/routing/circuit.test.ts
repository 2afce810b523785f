import { describe, expect, it } from "vitest";
import { type Circuit, closedCircuit, isTrialDue, nextCircuit, trialsFrom } from "./circuit.ts";
import { EMPTY_TALLY, patienceMs, type Tally, troubleOf, USUAL_HEALTH_RULES } from "./health-rules.ts";

const rules = USUAL_HEALTH_RULES;
const tally = (wish: Partial<Tally>): Tally => ({ ...EMPTY_TALLY, ...wish });
const trials = (passed: number, failed = 0) => ({ passed, failed, delivered: 0 });
const START = new Date("2026-06-01T10:00:00Z");
const later = (seconds: number) => new Date(START.getTime() + seconds * 1_000);

describe("a provider", () => {
  it.each<[string, Partial<Tally>, string | undefined]>([
    ["takes everything", { taken: 100 }, undefined],
    ["refuses a few, as wrong numbers are", { taken: 90, failed: 10 }, undefined],
    ["does not take a third", { taken: 70, failed: 30 }, "errors"],
    ["fails too few to tell", { taken: 0, failed: 19 }, undefined],
    ["puts off more than it takes", { taken: 10, throttled: 90 }, undefined],
    ["puts everything off", { throttled: 20 }, "throttled"],
    ["lets half of what is under way wait", { taken: 1_000, underWay: 40, overdue: 20 }, "slow"],
    ["is busy, and quick", { underWay: 100, overdue: 1 }, undefined],
    ["answers slowly, one after the other", { taken: 40, slow: 20, underWay: 1 }, "slow"],
    ["reports mostly failures", { taken: 50, reported: 50, reportedFailed: 30 }, "failures"],
    ["reports some failures", { taken: 50, reported: 50, reportedFailed: 10 }, undefined],
    ["has fallen silent", { taken: 50, unreported: 20, usualReceiptMs: 300 }, "silent"],
    ["has never been heard to report", { taken: 50, unreported: 5_000 }, undefined],
    ["lost two canaries", { failedCanaries: 2 }, "canary"],
    ["lost one canary", { failedCanaries: 1 }, undefined],
    ["does nothing", {}, undefined],
  ])("that %s", (_, wish, trouble) => expect(troubleOf(tally(wish), rules)?.kind).toBe(trouble));

  it.each([
    [300, 2_000],
    [5_000, 20_000],
  ])("whose receipts take %d ms may be silent for %d ms", (usual, patience) => {
    expect(patienceMs(rules, usual)).toBe(patience);
  });
});

describe("a circuit", () => {
  const failing = tally({ taken: 10, failed: 30 });
  const well = tally({ taken: 3, trials: trials(3) });
  const open = nextCircuit(closedCircuit(START), { tally: failing, rules, now: START });
  const halfOpen = nextCircuit(open, { tally: well, rules, now: later(10) });

  it("stays closed while all is well", () => {
    const closed = closedCircuit(START);
    expect(nextCircuit(closed, { tally: tally({ taken: 100 }), rules, now: later(1) })).toBe(closed);
  });

  it("opens with its reason", () => {
    expect(open).toMatchObject({ state: "open", share: 0, openings: 1, changedAt: START });
    expect(open.trouble).toEqual({ kind: "errors", share: 0.75, messages: 40 });
  });

  it.each<[string, Partial<Circuit>, number, Partial<Tally>, string]>([
    ["is left alone for its time, whatever is taken", {}, 9, { taken: 50 }, "open"],
    ["stays open until it has been tried", {}, 60, {}, "open"],
    ["stays open while trials are too few", {}, 60, { trials: trials(2) }, "open"],
    ["stays open while trials fail", {}, 60, { trials: trials(3, 3) }, "open"],
    ["stays open while trials wait", {}, 60, { trials: trials(3), underWay: 6, overdue: 6 }, "open"],
    ["opens by half when three went well", {}, 10, { trials: trials(3) }, "half-open"],
    ["and when they are further apart than answers are counted", {}, 600, { taken: 0, trials: trials(3) }, "half-open"],
    ["stays open while canaries are lost", {}, 60, { trials: trials(3), failedCanaries: 2 }, "open"],
    [
      "wants a receipt where receipts were missing",
      { trouble: { kind: "silent", share: 1, messages: 20 } },
      10,
      { trials: trials(9) },
      "open",
    ],
    [
      "has one",
      { trouble: { kind: "silent", share: 1, messages: 20 } },
      10,
      { trials: { ...trials(9), delivered: 1 } },
      "half-open",
    ],
    [
      "wants no receipt where canaries were lost: one has arrived",
      { trouble: { kind: "canary", share: 1, messages: 2 } },
      10,
      { trials: trials(3), failedCanaries: 0 },
      "half-open",
    ],
    ["waits longer each time", { openings: 3 }, 39, { trials: trials(9) }, "open"],
    ["and no longer than that", { openings: 3 }, 40, { trials: trials(9) }, "half-open"],
    ["waits five minutes at most", { openings: 99 }, 300, { trials: trials(9) }, "half-open"],
  ])("that is open %s", (_, wish, seconds, counts, state) => {
    expect(nextCircuit({ ...open, ...wish }, { tally: tally(counts), rules, now: later(seconds) }).state).toBe(state);
  });

  it("is tried only when its time has come", () => {
    expect([isTrialDue(open, { rules, now: later(9) }), isTrialDue(open, { rules, now: later(10) })]).toEqual([
      false,
      true,
    ]);
    expect(isTrialDue(halfOpen, { rules, now: later(99) })).toBe(false);
  });

  it.each<[string, Partial<Tally>]>([
    ["fails a trial", { trials: trials(2, 1) }],
    ["reports on none of them", { trials: trials(5), unreported: 5, usualReceiptMs: 300 }],
  ])("that %s is left alone for twice as long", (_, counts) => {
    const again = nextCircuit(open, { tally: tally(counts), rules, now: later(10) });
    expect(again).toEqual({ ...open, openings: 2, changedAt: later(10) });
    expect(trialsFrom(again, rules)).toEqual(later(30));
  });

  it("is left alone for as long as it was whatever canaries are lost", () => {
    expect(nextCircuit(open, { tally: tally({ failedCanaries: 5 }), rules, now: later(60) })).toBe(open);
  });

  it("comes back by steps, each for its time", () => {
    const shares = [halfOpen.share];
    let circuit = halfOpen;
    for (let second = 11; second <= 40; second++) {
      const next = nextCircuit(circuit, { tally: well, rules, now: later(second) });
      if (next !== circuit) shares.push(next.share);
      circuit = next;
    }
    expect([shares, circuit]).toEqual([[0.1, 0.25, 0.5, 1], closedCircuit(later(40))]);
  });

  it("opens again at a smaller sign of trouble, for longer", () => {
    const again = nextCircuit(halfOpen, { tally: tally({ taken: 2, failed: 3 }), rules, now: later(12) });
    expect(again).toMatchObject({ state: "open", share: 0, openings: 2 });
  });
});
