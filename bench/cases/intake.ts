/** Intake alone: requests over kept-alive connections, each answered 201 once it is durable. Nothing dispatches: only web runs. */
import { median, percentile } from "../measure/statistics.ts";
import { type ByRole, perMessage, residentNow, residentPeak, startUsage } from "../measure/usage.ts";
import type { Effort } from "../options.ts";
import { startProduct } from "../product.ts";
import type { Site } from "../site.ts";

export const INTAKE_CONNECTIONS = [64, 256] as const;

export interface IntakeRun {
  connections: number;
  acceptedPerSecond: number;
  p50Ms: number;
  p99Ms: number;
  /** Microseconds of processor time for each message. */
  cpu: ByRole;
  othersShare: number;
  atRestMb: ByRole;
  peakMb: ByRole;
}

export async function measureIntake(site: Site, effort: Effort, connections: number): Promise<IntakeRun> {
  const product = await startProduct(site, "web");
  try {
    const roles = product.roles();
    const atRestMb = residentNow(site, roles);
    const { generator } = site.helpers;
    const order = { target: site.target, connections };
    await generator.ask("load", { ...order, name: "warm", seconds: effort.warmUpSeconds });
    const before = await countNotifications(site);
    const usage = startUsage(site, roles, true);
    const result = await generator.ask("load", { ...order, name: "intake", seconds: effort.seconds });
    const used = perMessage(usage(), result.accepted);
    if (result.refused > 0) throw new Error(`${result.refused} requests were refused, the first: ${result.example}`);
    refuseLoss(result.accepted, (await countNotifications(site)) - before);
    return {
      connections,
      acceptedPerSecond: (result.accepted / (result.endedAtMs - result.startedAtMs)) * 1_000,
      p50Ms: median([...result.tookMs]),
      p99Ms: percentile(result.tookMs, 0.99),
      ...used,
      atRestMb,
      peakMb: residentPeak(site, roles),
    };
  } finally {
    await product.stop();
    await emptyQueue(site);
  }
}

function refuseLoss(accepted: number, kept: number): void {
  if (accepted !== kept) throw new Error(`${accepted} requests were answered with 201, but ${kept} rows were written`);
}

async function countNotifications({ installation }: Site): Promise<number> {
  const [row] = await installation.db.query<{ count: number }>`select count(*) as count from notifications`;
  return row?.count ?? 0;
}

/** What was only taken in is not to be sent by the next that starts. */
async function emptyQueue({ installation }: Site): Promise<void> {
  await installation.db.query`delete from jobs`;
}
