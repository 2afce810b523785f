/** Which provider carries a message: the decision alone, from what is known at this moment. */

export interface RouteOption {
  provider: string;
  keyKinds: readonly string[];
  carriesInternational: boolean;
  /** Share of the traffic, 0 to 100, against the other routes that fit. */
  weight: number;
}

export interface RouteQuestion<Route extends RouteOption> {
  routes: readonly Route[];
  keyKind: string;
  isInternational: boolean;
  /** Providers that can take messages now. */
  isAvailable: (provider: string) => boolean;
  /** The provider that has just failed this message: another is preferred. */
  failedProvider: string | undefined;
  /** Providers that are tried first for this message, in this order. */
  firstProviders: readonly string[];
  /** A number from 0 (included) to 1 (excluded), drawn by the caller. */
  draw: number;
}

export type RouteChoice<Route extends RouteOption> =
  | { kind: "route"; route: Route }
  /** Nothing is set up for such a message. */
  | { kind: "no-route" }
  /** What is set up for it is not available now. */
  | { kind: "none-available" };

/**
 * The first of those that are to be tried first takes the message; without one, routes that fit share the traffic by weight, and one
 * without weight is used only when there is no other.
 */
export function chooseRoute<Route extends RouteOption>(question: RouteQuestion<Route>): RouteChoice<Route> {
  const fitting = question.routes.filter((route) => fits(route, question));
  if (fitting.length === 0) return { kind: "no-route" };
  const available = fitting.filter((route) => question.isAvailable(route.provider));
  const others = available.filter((route) => route.provider !== question.failedProvider);
  const candidates = others.length > 0 ? others : available;
  const [first] = inOrder(candidates, question.firstProviders);
  const route = first ?? draw(candidates, question.draw);
  return route ? { kind: "route", route } : { kind: "none-available" };
}

/** Of these routes those that lead to providers of the list, in its order. */
export function inOrder<Route extends RouteOption>(
  routes: readonly Route[],
  firstProviders: readonly string[],
): readonly Route[] {
  if (firstProviders.length === 0) return [];
  return firstProviders.flatMap((provider) => routes.filter((route) => route.provider === provider));
}

function fits(route: RouteOption, question: { keyKind: string; isInternational: boolean }): boolean {
  return route.keyKinds.includes(question.keyKind) && (route.carriesInternational || !question.isInternational);
}

function draw<Route extends RouteOption>(routes: readonly Route[], drawn: number): Route | undefined {
  const total = routes.reduce((sum, route) => sum + route.weight, 0);
  let left = drawn * total;
  for (const route of routes) {
    left -= route.weight;
    if (left < 0) return route;
  }
  return routes[0];
}
