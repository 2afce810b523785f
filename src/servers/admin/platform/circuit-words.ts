/** A provider's circuit and its canaries in words. */
import type { Circuit } from "../../../core/routing/circuit.ts";
import type { Canary } from "../../../records/providers/canary-store.ts";
import type { UserVisit } from "../http/visit.ts";

type Words = Pick<UserVisit, "text" | "formats">;

export interface CircuitWords {
  /** Of the mark that shows it. */
  mark: "connected" | "partly-connected" | "disconnected";
  state: string;
  /** Why; undefined while all is well. */
  reason: string | undefined;
  since: Date | undefined;
}

export function circuitWords({ text, formats }: Words, circuit: Circuit | undefined): CircuitWords {
  if (!circuit || circuit.state === "closed")
    return { mark: "connected", state: text("platformHealth.circuit.closed"), reason: undefined, since: undefined };
  const { state, share, trouble, changedAt } = circuit;
  return {
    mark: state === "open" ? "disconnected" : "partly-connected",
    state: text(`platformHealth.circuit.${state}`, { share: formats.percent(share) }),
    reason:
      trouble &&
      text(`platformHealth.trouble.${trouble.kind}`, {
        share: formats.percent(trouble.share),
        messages: formats.number(trouble.messages),
      }),
    since: changedAt,
  };
}

const SECOND_MS = 1_000;
const CANARY_MARKS = {
  waiting: "partly-connected",
  delivered: "connected",
  failed: "disconnected",
  "not-taken": "disconnected",
  late: "disconnected",
} as const;

export interface CanaryWords {
  mark: "connected" | "partly-connected" | "disconnected";
  words: string;
  at: Date;
}

/** The latest on which something is known, else the latest; undefined without any. */
export function canaryWords({ text, formats }: Words, canaries: readonly Canary[]): CanaryWords | undefined {
  const latest = canaries.find(({ outcome }) => outcome !== undefined) ?? canaries[0];
  if (!latest) return undefined;
  const { outcome, sentAt, reportedAt, code } = latest;
  const seconds = reportedAt ? (reportedAt.getTime() - sentAt.getTime()) / SECOND_MS : 0;
  const words = text(`platformHealth.canary.${outcome ?? "waiting"}`, {
    seconds: formats.number(Math.round(seconds)),
    code: code ?? "",
  });
  return { mark: CANARY_MARKS[outcome ?? "waiting"], words, at: sentAt };
}
