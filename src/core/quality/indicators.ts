/**
 * The three figures by which a carrier of messages is judged: how many can be delivered at all, how many of these were, and in what time.
 * Of messages that have ended; what is under way says nothing yet.
 */
import { percentile } from "./histogram.ts";

export interface QualityCounts {
  /** Taken by a provider. */
  sent: number;
  delivered: number;
  /** There is no such recipient, or it takes no messages. */
  permanent: number;
  /** It could not be reached in time. */
  temporary: number;
  /** We, or a provider, failed. */
  technical: number;
  /** Of those delivered, by `timeStep`. */
  times: readonly number[];
}

export interface Indicators {
  sent: number;
  ended: number;
  delivered: number;
  /** Of those that have ended: whose recipient exists. Undefined where none has ended. */
  deliverableShare: number | undefined;
  /** Of those that can be delivered. */
  deliveredShare: number | undefined;
  p50Seconds: number | undefined;
  p95Seconds: number | undefined;
}

export function indicatorsOf({ sent, delivered, permanent, temporary, technical, times }: QualityCounts): Indicators {
  const ended = delivered + permanent + temporary + technical;
  const deliverable = ended - permanent;
  return {
    ...{ sent, ended, delivered },
    deliverableShare: share(deliverable, ended),
    deliveredShare: share(delivered, deliverable),
    p50Seconds: percentile(times, 0.5),
    p95Seconds: percentile(times, 0.95),
  };
}

function share(part: number, whole: number): number | undefined {
  return whole === 0 ? undefined : part / whole;
}
