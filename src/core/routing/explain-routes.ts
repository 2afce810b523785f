/** For whoever asks which way a message would go: the choice, and for every route why, or why not. */
import { type Chosen, chooseRoute, type Obstacle, type RouteChoice, type RouteQuestion } from "./choose-route.ts";
import { type Misfit, misfitOf, type RouteRule } from "./route-rule.ts";

/** `later`: it takes such a message, and another comes first. */
export type Verdict<Route> =
  | { kind: "chosen"; route: Route }
  | { kind: "misfit"; route: Route; misfit: Misfit }
  | { kind: "obstacle"; route: Route; obstacle: Obstacle }
  | { kind: "later"; route: Route };

export interface Explained<Route extends RouteRule> {
  choice: RouteChoice<Route>;
  /** Of every route, in the order in which they are asked. */
  verdicts: readonly Verdict<Route>[];
}

export function explainRoutes<Route extends RouteRule>(question: RouteQuestion<Route>): Explained<Route> {
  const choice = chooseRoute(question);
  return { choice, verdicts: question.routes.map((route) => verdictOf(route, question, choice)) };
}

function verdictOf<Route extends RouteRule>(
  route: Route,
  question: RouteQuestion<Route>,
  choice: RouteChoice<Route>,
): Verdict<Route> {
  const misfit = misfitOf(route, question.message);
  if (misfit) return { kind: "misfit", route, misfit };
  if (choice.kind === "route" && choice.route === route) return { kind: "chosen", route };
  const obstacle = obstacleOf(route, question, choice);
  return obstacle ? { kind: "obstacle", route, obstacle } : { kind: "later", route };
}

function obstacleOf<Route extends RouteRule>(
  route: Route,
  { standingOf, failedProvider }: RouteQuestion<Route>,
  choice: RouteChoice<Route>,
): Obstacle | undefined {
  const passed = (choice as Partial<Chosen<Route>>).passed?.find((one) => one.route === route);
  if (passed) return passed.obstacle;
  const standing = standingOf(route.provider);
  if (standing.kind !== "ready") return standing.kind;
  if (standing.share === 0) return "open";
  return route.provider === failedProvider ? "failed" : undefined;
}
