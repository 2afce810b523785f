/** The codes of a routing decision in plain words, for commands and logs; pages have their own in their catalogue. */
import { impossible } from "../refusal.ts";
import type { Chosen, How, Obstacle } from "./choose-route.ts";
import type { Verdict } from "./explain-routes.ts";
import type { Misfit, RouteRule } from "./route-rule.ts";

const MISFITS: Readonly<Record<Misfit, string>> = {
  "key-kind": "not for this kind of key",
  abroad: "carries nothing abroad",
  country: "not for this country",
  network: "not for this network, or the network is not known",
  service: "not for this service",
  sender: "not for this type of sender",
  priority: "not for this priority",
  time: "not at this time",
};

const OBSTACLES: Readonly<Record<Obstacle, string>> = {
  away: "its provider is not connected",
  full: "its provider has more waiting than it can take",
  open: "its provider's circuit is open: it is in trouble",
  recovering: "its provider is coming back and takes a part only",
  failed: "its provider has just failed this message",
};

function misfitWords(misfit: Misfit): string {
  return MISFITS[misfit];
}

function obstacleWords(obstacle: Obstacle): string {
  return OBSTACLES[obstacle];
}

/** "drawn by weight, 70 of 100" */
function howWords({ how, weights }: { how: How; weights?: Chosen<RouteRule>["weights"] }): string {
  switch (how) {
    case "only":
      return "the only route for such a message";
    case "order":
      return "the first in order";
    case "weight":
      return `drawn by weight, ${weights?.own} of ${weights?.all}`;
    case "cheapest":
      return "the cheapest";
    case "probe":
      return "to try out whether its provider is well again";
    case "again":
      return "the same provider again, as no other is there";
    case "last-resort":
      return "all providers are in trouble, and this one in the least";
    default:
      return impossible(how);
  }
}

export function verdictWords(
  verdict: Verdict<RouteRule>,
  chosen: Pick<Chosen<RouteRule>, "how" | "weights"> | undefined,
): string {
  switch (verdict.kind) {
    case "chosen":
      return chosen ? howWords(chosen) : "chosen";
    case "misfit":
      return misfitWords(verdict.misfit);
    case "obstacle":
      return obstacleWords(verdict.obstacle);
    case "later":
      return "another comes first";
    default:
      return impossible(verdict);
  }
}
