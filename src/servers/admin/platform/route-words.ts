import type { CarrierPrice } from "../../../core/price/carrier-prices.ts";
import type { Chosen } from "../../../core/routing/choose-route.ts";
import type { Verdict } from "../../../core/routing/explain-routes.ts";
import type { RouteNote } from "../../../core/routing/route-note.ts";
import type { RoutingRule } from "../../../flow/routing/routing.ts";
import type { TriedRoute } from "../../../flow/routing/try-route.ts";
import type { UserVisit } from "../http/visit.ts";

type Words = Pick<UserVisit, "text">;
type Charging = Pick<UserVisit, "text" | "formats">;

/** "Drawn by weight, 70 of 100" */
export function howText({ text }: Words, { how, weights }: Pick<RouteNote, "how" | "weights">): string {
  return text(`platformRoutes.how.${how}`, { own: weights?.own ?? 0, all: weights?.all ?? 0 });
}

export interface VerdictLine {
  route: string;
  provider: string;
  isChosen: boolean;
  words: string;
  /** What its provider charges for a part; empty where no price is known. */
  charge: string;
}

/** Of every route why it is taken or not, in the order in which they are asked. */
export function verdictLines(visit: Charging, { choice, verdicts, priceOf }: TriedRoute): VerdictLine[] {
  const chosen = choice.kind === "route" ? choice : undefined;
  return verdicts.map((verdict) => ({
    route: verdict.route.name,
    provider: verdict.route.provider,
    isChosen: verdict.kind === "chosen",
    words: verdictText(visit, verdict, chosen),
    charge: chargeText(visit, priceOf(verdict.route.provider)),
  }));
}

/** "charges €0.031 (£0.02666)" */
function chargeText({ text, formats }: Charging, price: CarrierPrice | undefined): string {
  if (!price) return "";
  const { amount, currency, atHome } = price;
  const own = formats.moneyIn(amount, currency);
  if (currency === formats.currency) return text("platformRoutes.charges", { amount: own });
  if (atHome) return text("platformRoutes.charges", { amount: `${own} (${formats.money(atHome)})` });
  return text("platformRoutes.chargesUnrated", { amount: own });
}

function verdictText(visit: Words, verdict: Verdict<RoutingRule>, chosen: Chosen<RoutingRule> | undefined): string {
  switch (verdict.kind) {
    case "chosen":
      return chosen ? howText(visit, chosen) : "";
    case "misfit":
      return visit.text(`platformRoutes.misfit.${verdict.misfit}`);
    case "obstacle":
      return visit.text(`platformRoutes.obstacle.${verdict.obstacle}`);
    case "later":
      return visit.text("platformRoutes.later");
  }
}
