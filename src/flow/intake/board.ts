/** Puts what was accepted on a flight, and says in words what kept it back. */
import type { Refusal } from "../../core/refusal.ts";
import type { FloodCount } from "../../records/floods/flood-tally-store.ts";
import type { RememberedSend } from "../../records/idempotency/idempotency-store.ts";
import type { DailyAddition } from "../../records/limits/daily-total-store.ts";
import type { Prices } from "../money/prices.ts";
import { unpaidRefusal } from "./charges.ts";
import { DailyLimitReached, type DailyLimits } from "./daily-limit.ts";
import type { Flights, Passenger } from "./flights.ts";
import { twinWentFirst } from "./idempotency.ts";
import { tooManyRepeats } from "./repeats.ts";
import { keyKindOf, type SendRequest } from "./send-request.ts";

interface Gate {
  flights: Flights;
  dailyLimits: DailyLimits;
  prices: Prices;
}

type Sent = Pick<SendRequest, "service" | "key" | "idempotency">;

/** Resolves when it is durable, or with the guard against floods that kept it back; throws a `Refusal` when something else did. */
export async function board(
  gate: Gate,
  sent: Sent,
  passenger: Omit<Passenger, "remembered">,
): Promise<{ flooded: FloodCount } | undefined> {
  const remembered = rememberedSend(sent, passenger.notification.id);
  const boarding = await gate.flights.board({ ...passenger, remembered });
  if (boarding === "twin-went-first") throw twinWentFirst();
  if (boarding === "accepted") return undefined;
  if ("flooded" in boarding) return boarding;
  if ("repeated" in boarding) throw tooManyRepeats(boarding.repeated);
  throw "overLimit" in boarding
    ? reached(gate.dailyLimits, boarding.overLimit)
    : await unpaidRefusal(gate.prices, boarding);
}

function reached(limits: DailyLimits, overLimit: DailyAddition): Refusal {
  limits.noteReached(overLimit);
  return new DailyLimitReached(overLimit.kind, overLimit.ceiling);
}

function rememberedSend(sent: Sent, notificationId: string): RememberedSend | undefined {
  const { service, idempotency } = sent;
  return idempotency && { serviceId: service.id, keyKind: keyKindOf(sent), notificationId, ...idempotency };
}
