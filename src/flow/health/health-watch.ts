/**
 * Watches how providers fare and keeps their circuits, together with all other processes that send: every second each tells what it has
 * counted, reads what the others have, and comes to the same decision. Nothing of it waits for the database: dispatch reads memory.
 */

import type { Standing } from "../../core/routing/choose-route.ts";
import { type Circuit, closedCircuit, isTrialDue, nextCircuit, trialsFrom } from "../../core/routing/circuit.ts";
import { EMPTY_TALLY, type HealthRules, type Tally } from "../../core/routing/health-rules.ts";
import { newRandomId } from "../../platform/ids.ts";
import { errorFields } from "../../platform/log.ts";
import type { Outcome, Receipt } from "../../providers/provider.ts";
import { countFailedCanaries } from "../../records/providers/canary-store.ts";
import {
  changeCircuit,
  deleteTallies,
  listCircuits,
  listTallies,
  putTallies,
  type ToldTally,
} from "../../records/providers/circuit-store.ts";
import { canaryPlanOf, healthRulesOf } from "../../records/providers/health-settings.ts";
import type { ProviderRecord } from "../../records/providers/provider-store.ts";
import type { App } from "../app.ts";
import { answeredBy, ProviderTally } from "./provider-tally.ts";

const TICK_MS = 1_000;
const SECOND_MS = 1_000;
/** So many that were due lately. */
const CANARIES_COUNTED = 3;
/** Who has said nothing for so long counts no more. */
const SILENT_AFTER_MS = 5_000;
const FORGOTTEN_AFTER_MS = 60 * 60_000;
/** Of each process, and at most: of few messages few are trials (`choose-route.ts`). */
const PROBE_EVERY_MS = 1_000;

interface Watched {
  id: string;
  name: string;
  rules: HealthRules;
  /** How long a canary says something about it; undefined for one that gets none. */
  canariesCountMs: number | undefined;
}

/** Of one hand-over, to be given back with its answer. */
export interface HandOver {
  provider: string;
  startedAtMs: number;
}

export interface HealthWatch {
  /** The providers there are from now on. */
  follow(records: readonly ProviderRecord[]): void;
  /** What health allows a provider that is connected and has room. */
  standingOf(provider: string): Standing;
  /** A message tries it out: the next one does after a moment. */
  probed(provider: string): void;
  begin(provider: string): HandOver;
  answered(handOver: HandOver, outcome: Outcome, options: { reports: boolean }): void;
  receipt(provider: string, receipt: Receipt): void;
  /** How long a receipt took on a message that perhaps another process handed over. */
  learn(provider: string, delayMs: number): void;
  stop(): Promise<void>;
}

interface Member extends Watched {
  tally: ProviderTally;
  /** As all processes keep to it; undefined for one that has always been well. */
  circuit: Circuit | undefined;
  probedAtMs: number;
  /** What other processes have last told of its receipts: they fall silent where none come. */
  elsewhere: Pick<Tally, "lastReceiptAtMs" | "usualReceiptMs">;
  /** Last told, so that nothing is told twice. */
  told: string;
}

const READY: Standing = { kind: "ready", share: 1, wantsProbe: false };
const OPEN: Standing = { kind: "ready", share: 0, wantsProbe: false };
const TO_BE_TRIED: Standing = { kind: "ready", share: 0, wantsProbe: true };

export interface HealthOptions {
  app: Pick<App, "db" | "clock" | "log">;
  /** A circuit has changed: what waits for its provider may go elsewhere. */
  onChange: () => void;
  /** Where nothing is sent, receipts are counted for those who send, and they alone judge. */
  countsOnly?: boolean;
}

export function watchHealth(options: HealthOptions): HealthWatch {
  const watch = new Watch(options);
  watch.start();
  return watch;
}

class Watch implements HealthWatch {
  readonly #options: HealthOptions;
  readonly #processId = newRandomId();
  readonly #members = new Map<string, Member>();
  #timer: NodeJS.Timeout | undefined;
  #ticking: Promise<void> | undefined;

  constructor(options: HealthOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#ticking;
    const { db, log } = this.#options.app;
    const silentSince = new Date(this.#nowMs() - FORGOTTEN_AFTER_MS);
    await deleteTallies(db, { processId: this.#processId, silentSince }).catch((error) =>
      log.warn("health.not-told", errorFields(error)),
    );
  }

  follow(records: readonly ProviderRecord[]): void {
    const names = new Set(records.map(({ name }) => name));
    for (const name of this.#members.keys()) if (!names.has(name)) this.#members.delete(name);
    for (const record of records) this.#followOne(watched(record));
  }

  #followOne(provider: Watched): void {
    const known = this.#members.get(provider.name);
    if (known && known.id === provider.id && JSON.stringify(known.rules) === JSON.stringify(provider.rules)) {
      known.canariesCountMs = provider.canariesCountMs;
      return;
    }
    const { rules } = provider;
    const fresh = {
      ...{ tally: new ProviderTally(rules), circuit: known?.circuit, probedAtMs: 0, told: "" },
      elsewhere: known?.elsewhere ?? { lastReceiptAtMs: undefined, usualReceiptMs: undefined },
    };
    const member = { ...provider, ...fresh };
    this.#members.set(provider.name, member);
    this.#countAnew(member);
  }

  standingOf(provider: string): Standing {
    const member = this.#members.get(provider);
    if (!member?.circuit || member.circuit.state === "closed") return READY;
    const { circuit, rules } = member;
    if (circuit.state === "half-open") return { kind: "ready", share: circuit.share, wantsProbe: false };
    const now = this.#options.app.clock.now();
    const isDue = isTrialDue(circuit, { rules, now }) && now.getTime() - member.probedAtMs >= PROBE_EVERY_MS;
    return isDue ? TO_BE_TRIED : OPEN;
  }

  probed(provider: string): void {
    const member = this.#members.get(provider);
    if (member) member.probedAtMs = this.#nowMs();
  }

  begin(provider: string): HandOver {
    const startedAtMs = this.#nowMs();
    this.#members.get(provider)?.tally.begin(startedAtMs);
    return { provider, startedAtMs };
  }

  answered({ provider, startedAtMs }: HandOver, outcome: Outcome, { reports }: { reports: boolean }): void {
    const tally = this.#members.get(provider)?.tally;
    if (!tally) return;
    const nowMs = this.#nowMs();
    tally.answered(startedAtMs, nowMs, answeredBy(outcome));
    if (outcome.kind === "accepted" && reports && !outcome.isDelivered)
      tally.awaitReceipt(outcome.references[0], nowMs);
  }

  receipt(provider: string, { reference, status }: Receipt): void {
    const end = status === "delivered" || status === "pending" ? status : "failed";
    this.#members.get(provider)?.tally.receipt(reference, this.#nowMs(), end);
  }

  learn(provider: string, delayMs: number): void {
    this.#members.get(provider)?.tally.learn(Math.max(0, delayMs));
  }

  #nowMs(): number {
    return this.#options.app.clock.now().getTime();
  }

  /** One at a time; while the database is away everything stays as it is. */
  #tick(): void {
    this.#ticking ??= this.#compare()
      .catch((error) => this.#options.app.log.warn("health.not-compared", errorFields(error)))
      .finally(() => {
        this.#ticking = undefined;
      });
  }

  async #compare(): Promise<void> {
    if (this.#members.size === 0) return;
    const { db } = this.#options.app;
    const nowMs = this.#nowMs();
    const [others, circuits, canaries] = await Promise.all([
      listTallies(db, { than: this.#processId, since: new Date(nowMs - SILENT_AFTER_MS) }),
      listCircuits(db),
      countFailedCanaries(db, this.#withCanaries(nowMs)),
    ]);
    for (const member of this.#members.values())
      this.#adopt(
        member,
        circuits.find(({ providerId }) => providerId === member.id),
      );
    const told: ToldTally[] = [];
    for (const member of this.#members.values()) {
      const heard = others
        .filter(({ providerId }) => providerId === member.id)
        .map(({ tally }) => ({ ...EMPTY_TALLY, ...tally })); // Another version may count less.
      member.elsewhere = {
        lastReceiptAtMs: latestReceipt(heard) ?? member.elsewhere.lastReceiptAtMs,
        usualReceiptMs: heard.reduce(plus, EMPTY_TALLY).usualReceiptMs ?? member.elsewhere.usualReceiptMs,
      };
      const own = member.tally.sum(nowMs, member.elsewhere);
      const known = { ...EMPTY_TALLY, ...member.elsewhere };
      const failedCanaries = canaries.find(({ providerId }) => providerId === member.id)?.failed ?? 0;
      await this.#decide(member, { ...[own, ...heard].reduce(plus, known), failedCanaries });
      if (isNews(member, own)) told.push({ providerId: member.id, tally: own });
    }
    if (told.length > 0) await putTallies(db, { processId: this.#processId, now: new Date(nowMs), tallies: told });
  }

  #withCanaries(nowMs: number): { id: string; since: Date }[] {
    return [...this.#members.values()].flatMap(({ id, canariesCountMs: ms }) =>
      ms === undefined ? [] : [{ id, since: new Date(nowMs - ms) }],
    );
  }

  /** What another process has decided. */
  #adopt(member: Member, circuit: Circuit | undefined): void {
    if (member.circuit?.changedAt.getTime() === circuit?.changedAt.getTime()) return;
    member.circuit = circuit;
    this.#countAnew(member);
    this.#options.onChange();
  }

  /** As soon as a circuit has changed. */
  #countAnew({ circuit, rules, tally }: Member): void {
    const isOpen = circuit?.state === "open";
    tally.countTrials(isOpen ? trialsFrom(circuit, rules).getTime() : Number.POSITIVE_INFINITY);
    if (isOpen) tally.restart(this.#nowMs());
  }

  async #decide(member: Member, tally: Tally): Promise<void> {
    const { app, onChange, countsOnly = false } = this.#options;
    if (countsOnly) return;
    const now = app.clock.now();
    const from = member.circuit;
    const current = from ?? closedCircuit(now);
    const to = nextCircuit(current, { tally, rules: member.rules, now });
    if (to === current) return;
    if (!(await changeCircuit(app.db, member.id, { from, to }))) return;
    member.circuit = to;
    this.#countAnew(member);
    const { state, share, trouble } = to;
    app.log[state === "open" ? "warn" : "info"]("provider.circuit", {
      provider: member.name,
      state,
      share,
      ...trouble,
    });
    onChange();
  }
}

/** Where canaries stop, as when a provider gets none any more, the last ones soon count no longer. */
function watched(record: ProviderRecord): Watched {
  const plan = canaryPlanOf(record);
  const canariesCountMs = plan && (CANARIES_COUNTED * plan.everySeconds + plan.withinSeconds) * SECOND_MS;
  return { id: record.id, name: record.name, rules: healthRulesOf(record), canariesCountMs };
}

function latestReceipt(tallies: readonly Tally[]): number | undefined {
  const times = tallies.flatMap(({ lastReceiptAtMs }) => lastReceiptAtMs ?? []);
  return times.length === 0 ? undefined : Math.max(...times);
}

function plus(a: Tally, b: Tally): Tally {
  const usual = [a.usualReceiptMs, b.usualReceiptMs].flatMap((ms) => ms ?? []);
  return {
    taken: a.taken + b.taken,
    failed: a.failed + b.failed,
    throttled: a.throttled + b.throttled,
    slow: a.slow + b.slow,
    underWay: a.underWay + b.underWay,
    overdue: a.overdue + b.overdue,
    reported: a.reported + b.reported,
    reportedFailed: a.reportedFailed + b.reportedFailed,
    unreported: a.unreported + b.unreported,
    lastReceiptAtMs: latestReceipt([a, b]),
    usualReceiptMs: usual.length === 0 ? undefined : Math.max(...usual),
    failedCanaries: Math.max(a.failedCanaries, b.failedCanaries),
    trials: {
      passed: a.trials.passed + b.trials.passed,
      failed: a.trials.failed + b.trials.failed,
      delivered: a.trials.delivered + b.trials.delivered,
    },
  };
}

/** Counts that stand still are told once more and then not again, but for those of trials: who is silent counts as nothing. */
function isNews(member: Member, tally: Tally): boolean {
  const told = JSON.stringify(tally);
  const isChanged = told !== member.told;
  member.told = told;
  const { passed, failed, delivered } = tally.trials;
  return isChanged || tally.underWay > 0 || tally.reported > 0 || passed + failed + delivered > 0;
}
