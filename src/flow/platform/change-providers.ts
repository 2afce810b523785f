/** What platform administrators change of providers and routes. Why they did is kept with it. Workers notice within seconds. */
import { Refusal } from "../../core/refusal.ts";
import { lockProvider, setProviderActive } from "../../records/providers/provider-health-store.ts";
import { lockRoute, updateRoute } from "../../records/providers/provider-write-store.ts";
import { type Actor, recordDeed } from "../actor.ts";
import type { App } from "../app.ts";
import { type FieldProblem, refuseProblems } from "../form-refusal.ts";

const WEIGHT_MAX = 100;
const REASON_MAX_CHARACTERS = 500;

type Keeper = Pick<App, "db">;

export interface RouteChange {
  routeId: string;
  /** 0 to 100: its share against the other routes that fit; with 0 it is used only when there is no other. */
  weight: number;
  carriesInternational: boolean;
  reason: string;
}

/** Fields: `weight`, `reason`. */
export async function changeRoute({ db }: Keeper, actor: Actor, change: RouteChange): Promise<void> {
  const { routeId, weight, carriesInternational } = change;
  const reason = change.reason.trim();
  refuseProblems([...weightProblems(weight), ...reasonProblems(reason)]);
  await db.transaction(async (tx) => {
    const route = await lockRoute(tx, routeId);
    if (!route) throw new Refusal("not-found", "There is no such route");
    await updateRoute(tx, { ...route, restingWeight: weight, carriesInternational });
    await recordDeed(tx, actor, {
      action: "route.changed",
      subject: `route to ${route.provider}`,
      before: { weight: route.restingWeight, carriesInternational: route.carriesInternational },
      after: { weight, carriesInternational, reason },
    });
  });
}

/** Off: it is disconnected, and its messages go by the other routes. Field: `reason`. */
export async function switchProvider(
  { db }: Keeper,
  actor: Actor,
  change: { providerId: string; isActive: boolean; reason: string },
): Promise<void> {
  const { providerId, isActive } = change;
  const reason = change.reason.trim();
  refuseProblems(reasonProblems(reason));
  await db.transaction(async (tx) => {
    const provider = await lockProvider(tx, providerId);
    if (!provider) throw new Refusal("not-found", "There is no such provider");
    if (provider.isActive === isActive) return;
    await setProviderActive(tx, providerId, isActive);
    await recordDeed(tx, actor, {
      action: isActive ? "provider.switched-on" : "provider.switched-off",
      subject: `provider ${provider.name}`,
      before: { isActive: provider.isActive },
      after: { isActive, reason },
    });
  });
}

function weightProblems(weight: number): FieldProblem[] {
  if (Number.isInteger(weight) && weight >= 0 && weight <= WEIGHT_MAX) return [];
  return [
    { field: "weight", problem: "weight-invalid", message: `Weight must be a whole number from 0 to ${WEIGHT_MAX}` },
  ];
}

/** Every change of how messages go says why. Field: `reason`. */
export function reasonProblems(reason: string): FieldProblem[] {
  if (reason === "")
    return [{ field: "reason", problem: "reason-missing", message: "Say why, for whoever reads the log" }];
  if (reason.length <= REASON_MAX_CHARACTERS) return [];
  const message = `Reason must be ${REASON_MAX_CHARACTERS} characters or fewer`;
  return [{ field: "reason", problem: "reason-long", message }];
}
