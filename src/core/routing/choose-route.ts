/** Which route a message takes: the decision alone, from what is known at this moment. */
import { misfitOf, type RoutedMessage, type RouteRule } from "./route-rule.ts";

/**
 * How a provider is. A share below 1 is what its health allows it of the messages that would be its own: none while its circuit is
 * open, but for those that try it out.
 */
export type Standing =
  | { kind: "ready"; share: number; wantsProbe: boolean }
  /** It is there, and has more waiting than it can take. */
  | { kind: "full" }
  | { kind: "away" };

export interface RouteQuestion<Route extends RouteRule> {
  /** In the order of `byOrder`. */
  routes: readonly Route[];
  message: RoutedMessage;
  standingOf: (provider: string) => Standing;
  /** What a provider charges for a text to this message's country, in any unit that can be compared. */
  priceOf: (provider: string) => number | undefined;
  /** The provider that has just failed this message: another is preferred. */
  failedProvider: string | undefined;
  /** A number from 0 (included) to 1 (excluded), drawn by the caller. */
  draw: number;
}

/**
 * Why it is this route.
 * `only`: no other takes such a message.  `order`: it comes first.  `weight`: drawn among those of its position.  `cheapest`: it is.
 * `probe`: its provider is tried out.  `again`: others have failed it, or this one has and there is no other.
 * `last-resort`: all are in trouble, and this one in the least.
 */
export type How = "only" | "order" | "weight" | "cheapest" | "probe" | "again" | "last-resort";

/** What kept a route that takes the message from having it. */
export type Obstacle = "away" | "full" | "open" | "recovering" | "failed";

export interface Chosen<Route extends RouteRule> {
  kind: "route";
  route: Route;
  how: How;
  /** Of a drawn route: the weights it was drawn by. */
  weights?: { own: number; all: number };
  /** Routes that would have come before it, and why they do not. */
  passed: readonly { route: Route; obstacle: Obstacle }[];
}

export type RouteChoice<Route extends RouteRule> =
  | Chosen<Route>
  /** Nothing is set up for such a message. */
  | { kind: "no-route" }
  /** What is set up for it is not available now. */
  | { kind: "none-available" };

/** The order in which routes are asked: by position; those without weight after those of their position that have some. */
export function byOrder(a: RouteRule, b: RouteRule): number {
  return a.position - b.position || Number(a.weight === 0) - Number(b.weight === 0) || (a.name < b.name ? -1 : 1);
}

/**
 * The first tier in which a route is available takes the message, as far as the health of its providers allows; what it leaves goes on
 * to the next tier. When nothing else is left, the least troubled takes it: a deployment with one provider never stops because of its health.
 */
export function chooseRoute<Route extends RouteRule>(question: RouteQuestion<Route>): RouteChoice<Route> {
  const fitting = question.routes.filter((route) => misfitOf(route, question.message) === undefined);
  if (fitting.length === 0) return { kind: "no-route" };
  const judged = fitting.map((route) => judge(route, question));
  if (judged.every(({ obstacle }) => obstacle === "away")) return { kind: "none-available" };
  const [first] = judged;
  if (first && judged.length === 1) return { kind: "route", route: first.route, how: "only", passed: [] };
  return walk(tiersOf(judged, question), question);
}

interface Judged<Route> {
  route: Route;
  share: number;
  wantsProbe: boolean;
  obstacle: Obstacle | undefined;
}

function judge<Route extends RouteRule>(
  route: Route,
  { standingOf, failedProvider }: RouteQuestion<Route>,
): Judged<Route> {
  const standing = standingOf(route.provider);
  if (standing.kind !== "ready") return { route, share: 0, wantsProbe: false, obstacle: standing.kind };
  if (standing.share === 0) return { route, share: 0, wantsProbe: standing.wantsProbe, obstacle: "open" };
  if (route.provider === failedProvider) return { route, share: 0, wantsProbe: false, obstacle: "failed" };
  const obstacle = standing.share < 1 ? "recovering" : undefined;
  return { route, share: standing.share, wantsProbe: false, obstacle };
}

/** Routes that stand equal, and how one of them is taken. */
interface Tier<Route> {
  how: "order" | "cheapest";
  routes: readonly Judged<Route>[];
}

function tiersOf<Route extends RouteRule>(
  judged: readonly Judged<Route>[],
  { priceOf }: RouteQuestion<Route>,
): Tier<Route>[] {
  return groupsOf(judged, ({ route }) => route.position).flatMap((position): Tier<Route>[] => {
    const isCheapestFirst = position.some(({ route }) => route.isCheapestFirst);
    const weighed = groupsOf(position, ({ route }) => Number(route.weight === 0));
    if (!isCheapestFirst) return weighed.map((routes) => ({ how: "order", routes }));
    const price = ({ route }: Judged<Route>) => priceOf(route.provider) ?? Number.POSITIVE_INFINITY;
    return weighed.flatMap((routes) => {
      const sorted = routes.toSorted((a, b) => (price(a) === price(b) ? 0 : price(a) - price(b)));
      return groupsOf(sorted, price).map((equal): Tier<Route> => ({ how: "cheapest", routes: equal }));
    });
  });
}

/** Neighbours of the same key together. */
function groupsOf<Item>(items: readonly Item[], keyOf: (item: Item) => number): Item[][] {
  const groups: Item[][] = [];
  let last: number | undefined;
  for (const item of items) {
    const key = keyOf(item);
    if (key === last) groups.at(-1)?.push(item);
    else groups.push([item]);
    last = key;
  }
  return groups;
}

/** Of the messages that come by: where there are few, most are spared a carrier in trouble. */
const PROBE_SHARE = 0.1;

/** One draw serves all tiers: what of it a tier leaves is spread over the whole again. */
function walk<Route extends RouteRule>(
  tiers: readonly Tier<Route>[],
  { failedProvider, draw }: RouteQuestion<Route>,
): RouteChoice<Route> {
  const passed: Judged<Route>[] = [];
  let left = draw;
  for (const tier of tiers) {
    const probed = failedProvider === undefined ? tier.routes.find(({ wantsProbe }) => wantsProbe) : undefined;
    if (probed && left < PROBE_SHARE) return chosen(probed, { how: "probe", passed });
    if (probed) left = (left - PROBE_SHARE) / (1 - PROBE_SHARE);
    const share = Math.max(...tier.routes.map((one) => one.share));
    if (left < share) {
      const taken = take(tier, left / share);
      return {
        ...taken,
        passed: obstaclesOf([...passed, ...tier.routes.filter(({ route }) => route !== taken.route)]),
      };
    }
    left = share === 1 ? 0 : (left - share) / (1 - share);
    passed.push(...tier.routes);
  }
  return lastResort(passed, draw);
}

function chosen<Route extends RouteRule>(
  { route }: Judged<Route>,
  { how, passed }: { how: How; passed: readonly Judged<Route>[] },
): Chosen<Route> {
  return { kind: "route", route, how, passed: obstaclesOf(passed) };
}

function obstaclesOf<Route extends RouteRule>(judged: readonly Judged<Route>[]): Chosen<Route>["passed"] {
  return judged.flatMap(({ route, obstacle }) => (obstacle ? [{ route, obstacle }] : []));
}

function take<Route extends RouteRule>({ how, routes }: Tier<Route>, draw: number): Chosen<Route> {
  const able = routes.filter(({ share }) => share > 0);
  const [only] = able;
  const taken = able.length === 1 && only ? only : drawn(able, draw);
  const { route } = taken;
  if (how === "cheapest" || able.length === 1 || route.weight === 0) return { kind: "route", route, how, passed: [] };
  const all = able.reduce((sum, one) => sum + one.route.weight, 0);
  return { kind: "route", route, how: "weight", weights: { own: route.weight, all }, passed: [] };
}

/** By weight, as far as health allows; the first where none has any. */
function drawn<Route extends RouteRule>(routes: readonly Judged<Route>[], draw: number): Judged<Route> {
  const shareOf = ({ route, share }: Judged<Route>) => route.weight * (share || 1);
  let left = draw * routes.reduce((sum, one) => sum + shareOf(one), 0);
  for (const one of routes) {
    left -= shareOf(one);
    if (left < 0) return one;
  }
  return routes[0] as Judged<Route>;
}

/** The least first. Who is full is well; who failed this message may be well for others; a circuit opens for good reasons. */
const TROUBLES: readonly Obstacle[] = ["full", "recovering", "failed", "open"];

function lastResort<Route extends RouteRule>(passed: readonly Judged<Route>[], draw: number): RouteChoice<Route> {
  for (const trouble of TROUBLES) {
    const troubled = passed.filter(({ obstacle }) => obstacle === trouble);
    const [first] = troubled;
    if (!first) continue;
    const equal = troubled.filter(({ route }) => route.position === first.route.position);
    const taken = drawn(equal, draw);
    const others = passed.filter(({ route }) => route !== taken.route);
    return chosen(taken, { how: trouble === "failed" ? "again" : "last-resort", passed: others });
  }
  return { kind: "none-available" };
}
