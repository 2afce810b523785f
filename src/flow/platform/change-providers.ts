/** What platform administrators change of providers. Why they did is kept with it. Workers notice within seconds. */
import { Refusal } from "../../core/refusal.ts";
import { lockProvider, setProviderActive } from "../../records/providers/provider-health-store.ts";
import { type Actor, recordDeed } from "../actor.ts";
import type { App } from "../app.ts";
import { type FieldProblem, refuseProblems } from "../form-refusal.ts";

const REASON_MAX_CHARACTERS = 500;

type Keeper = Pick<App, "db">;

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

/** Every change of how messages go says why. Field: `reason`. */
export function reasonProblems(reason: string): FieldProblem[] {
  if (reason === "")
    return [{ field: "reason", problem: "reason-missing", message: "Say why, for whoever reads the log" }];
  if (reason.length <= REASON_MAX_CHARACTERS) return [];
  const message = `Reason must be ${REASON_MAX_CHARACTERS} characters or fewer`;
  return [{ field: "reason", problem: "reason-long", message }];
}
