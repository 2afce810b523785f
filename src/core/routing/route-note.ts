/**
 * Why a message went the way it went, in a few characters that are kept with it:
 *
 *     northline weight:70/100 -coast:away     drawn by weight, while the route "coast" was passed over because its provider was away
 */
import type { Chosen, How, Obstacle } from "./choose-route.ts";
import type { RouteRule } from "./route-rule.ts";

/** More tell nobody more. */
const PASSED_MAX = 4;

export interface RouteNote {
  route: string;
  how: How;
  weights?: { own: number; all: number };
  passed: readonly { route: string; obstacle: Obstacle }[];
}

export function routeNote({ route, how, weights, passed }: Chosen<RouteRule>): string {
  const drawn = weights ? `:${weights.own}/${weights.all}` : "";
  const others = passed.slice(0, PASSED_MAX).map((one) => ` -${one.route.name}:${one.obstacle}`);
  return `${route.name} ${how}${drawn}${others.join("")}`;
}

/** Undefined for what is no such note. */
export function readRouteNote(note: string): RouteNote | undefined {
  const [route, reason, ...others] = note.split(" ");
  const [how, drawn] = reason?.split(":") ?? [];
  if (!route || !how) return undefined;
  const [own, all] = drawn?.split("/").map(Number) ?? [];
  const passed = others.map((other) => {
    const [name = "", obstacle = ""] = other.slice(1).split(":");
    return { route: name, obstacle: obstacle as Obstacle };
  });
  return {
    route,
    how: how as How,
    passed,
    ...(own === undefined || all === undefined ? {} : { weights: { own, all } }),
  };
}
