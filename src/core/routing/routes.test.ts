import { describe, expect, it } from "vitest";
import { senderTypeOf } from "../senders/sender-type.ts";
import { byOrder, chooseRoute, type RouteQuestion, type Standing } from "./choose-route.ts";
import { explainRoutes } from "./explain-routes.ts";
import { readRouteNote, routeNote } from "./route-note.ts";
import type { RoutedMessage, RouteRule } from "./route-rule.ts";
import { verdictWords } from "./route-words.ts";

const route = (name: string, wish: Partial<RouteRule> = {}): RouteRule => ({
  ...{ name, provider: name, keyKinds: ["live"], carriesInternational: true, countryPrefixes: [], networks: [] },
  ...{ serviceIds: [], senderTypes: [], priorities: [], times: [], position: 100, weight: 50, isCheapestFirst: false },
  ...wish,
});
const message: RoutedMessage = { keyKind: "live", isInternational: true, countryPrefix: "372", minuteOfWeek: 600 };
const READY: Standing = { kind: "ready", share: 1, wantsProbe: false };
const OPEN: Standing = { kind: "ready", share: 0, wantsProbe: false };
const PROBING: Standing = { kind: "ready", share: 0, wantsProbe: true };
const coming = (share: number): Standing => ({ kind: "ready", share, wantsProbe: false });

interface Wish extends Partial<Omit<RouteQuestion<RouteRule>, "message">> {
  message?: Partial<RoutedMessage>;
  standings?: Record<string, Standing>;
  prices?: Record<string, number>;
}
function question({ message: about, standings = {}, prices = {}, ...wish }: Wish): RouteQuestion<RouteRule> {
  const { routes = [route("fen"), route("hill"), route("coast", { weight: 0 })], ...rest } = wish;
  return {
    message: { ...message, ...about },
    standingOf: (provider) => standings[provider] ?? READY,
    priceOf: (provider) => prices[provider],
    failedProvider: undefined,
    draw: 0.4,
    ...rest,
    routes: routes.toSorted(byOrder),
  };
}
function chosen(wish: Wish): string {
  const choice = chooseRoute(question(wish));
  return choice.kind === "route" ? routeNote(choice) : choice.kind;
}

describe("the rule of a route", () => {
  it.each<[string, Partial<RouteRule>, Partial<RoutedMessage>, string]>([
    ["another kind of key", { keyKinds: ["test"] }, {}, "key-kind"],
    ["what goes abroad", { carriesInternational: false }, {}, "abroad"],
    ["another country", { countryPrefixes: ["33", "44"] }, {}, "country"],
    ["a country nobody knows", { countryPrefixes: ["33"] }, { countryPrefix: undefined }, "country"],
    ["another network", { networks: ["24801"] }, { network: "24802" }, "network"],
    ["a network nobody knows", { networks: ["24801"] }, {}, "network"],
    ["another service", { serviceIds: ["a"] }, { serviceId: "b" }, "service"],
    ["another type of sender", { senderTypes: ["short-code"] }, { senderType: "alphanumeric" }, "sender"],
    ["another priority", { priorities: ["high"] }, { priority: "low" }, "priority"],
    ["another time", { times: [{ from: 0, to: 600 }] }, {}, "time"],
  ])("does not take %s", (_, rule, about, misfit) => {
    const { choice, verdicts } = explainRoutes(question({ routes: [route("fen", rule)], message: about }));
    expect([choice.kind, verdicts[0]]).toEqual(["no-route", expect.objectContaining({ kind: "misfit", misfit })]);
  });

  it("takes what it names", () => {
    const rule = route("fen", {
      ...{ countryPrefixes: ["372"], networks: ["24801"], serviceIds: ["a"], senderTypes: ["short-code"] },
      ...{ priorities: ["high"], times: [{ from: 600, to: 601 }] },
    });
    const about = { network: "24801", serviceId: "a", senderType: "short-code", priority: "high" } as const;
    expect(chosen({ routes: [rule], message: about })).toBe("fen only");
  });

  it.each([
    ["Northwold", "alphanumeric"],
    ["60006", "short-code"],
    ["07700900123", "long-number"],
    ["+447700900123", "long-number"],
  ])("knows what type of sender %s is", (sender, type) => expect(senderTypeOf(sender)).toBe(type));
});

describe("the route of a message", () => {
  it.each([
    [0, "fen weight:50/100"],
    [0.49, "fen weight:50/100"],
    [0.5, "hill weight:50/100"],
    [0.999, "hill weight:50/100"],
  ])("is drawn by weight: %d gives %s", (draw, note) => expect(chosen({ draw })).toBe(note));

  const inOrder = [
    route("fen", { position: 2 }),
    route("hill", { position: 1, weight: 0 }),
    route("coast", { position: 3 }),
  ];
  it.each<[string, Wish, string]>([
    ["is that of the lowest position, whatever its weight", { routes: inOrder }, "hill order"],
    [
      "is the next while the first is away",
      { routes: inOrder, standings: { hill: { kind: "away" } } },
      "fen order -hill:away",
    ],
    [
      "is the next while the first is full",
      { routes: inOrder, standings: { hill: { kind: "full" } } },
      "fen order -hill:full",
    ],
    ["is the next when the first has failed it", { routes: inOrder, failedProvider: "hill" }, "fen order -hill:failed"],
    [
      "is the next while the first has an open circuit",
      { routes: inOrder, standings: { hill: OPEN } },
      "fen order -hill:open",
    ],
    [
      "is the first for its part while it comes back",
      { routes: inOrder, standings: { hill: coming(0.5) } },
      "hill order",
    ],
    [
      "is the next for the other part",
      { routes: inOrder, standings: { hill: coming(0.5) }, draw: 0.6 },
      "fen order -hill:recovering",
    ],
    [
      "is the open one that wants to be tried out, for one message in ten",
      { routes: inOrder, standings: { hill: PROBING }, draw: 0.09 },
      "hill probe",
    ],
    [
      "is another for nine in ten while it is tried out",
      { routes: inOrder, standings: { hill: PROBING }, draw: 0.1 },
      "fen order -hill:open",
    ],
    [
      "is no trial for what has failed once",
      { routes: inOrder, standings: { fen: PROBING }, failedProvider: "hill", draw: 0 },
      "coast order -hill:failed -fen:open",
    ],
    [
      "is no trial while a route before it is well",
      { routes: inOrder, standings: { fen: PROBING }, draw: 0 },
      "hill order",
    ],
    ["needs no weight where only one is left", { standings: { fen: { kind: "away" } } }, "hill order -fen:away"],
    [
      "is the one without weight at last",
      { standings: { fen: OPEN, hill: { kind: "away" } } },
      "coast order -fen:open -hill:away",
    ],
    [
      "is drawn by what health leaves of the weights",
      { standings: { fen: coming(0.1) }, draw: 0.05 },
      "fen weight:50/100",
    ],
    [
      "gives the rest to the other",
      { standings: { fen: coming(0.1) }, draw: 0.2 },
      "hill weight:50/100 -fen:recovering",
    ],
  ])("%s", (_, wish, note) => expect(chosen(wish)).toBe(note));

  const cheapest = [route("fen", { isCheapestFirst: true }), route("hill"), route("coast")];
  it.each<[string, Wish, string]>([
    [
      "is the cheapest where its position says so",
      { routes: cheapest, prices: { fen: 30, hill: 20 } },
      "hill cheapest",
    ],
    [
      "is the next cheapest while that is away",
      { routes: cheapest, prices: { fen: 30, hill: 20 }, standings: { hill: { kind: "away" } } },
      "fen cheapest -hill:away",
    ],
    [
      "is one without a price only then",
      { routes: cheapest, prices: { fen: 30 }, standings: { fen: OPEN }, draw: 0 },
      "coast cheapest -fen:open",
    ],
    [
      "is drawn among equal prices",
      { routes: cheapest, prices: { fen: 20, hill: 20, coast: 30 }, draw: 0.6 },
      "hill cheapest",
    ],
  ])("%s", (_, wish, note) => expect(chosen(wish)).toBe(note));

  it.each<[string, Wish, string]>([
    ["is the only one, though its circuit is open", { routes: [route("fen")], standings: { fen: OPEN } }, "fen only"],
    [
      "is the only one, though it is full",
      { routes: [route("fen")], standings: { fen: { kind: "full" } } },
      "fen only",
    ],
    [
      "is the full one before the one in trouble",
      { standings: { fen: OPEN, hill: { kind: "full" }, coast: { kind: "away" } } },
      "hill last-resort -fen:open -coast:away",
    ],
    [
      "is the one that failed it before the one in trouble",
      { standings: { fen: OPEN, coast: OPEN }, failedProvider: "hill" },
      "hill again -fen:open -coast:open",
    ],
    [
      "is one in trouble where all are",
      { standings: { fen: OPEN, hill: OPEN, coast: OPEN }, draw: 0.7 },
      "hill last-resort -fen:open -coast:open",
    ],
    [
      "is none where all are away",
      { standings: { fen: { kind: "away" }, hill: { kind: "away" }, coast: { kind: "away" } } },
      "none-available",
    ],
    ["is none where nothing is set up", { routes: [] }, "no-route"],
  ])("%s", (_, wish, note) => expect(chosen(wish)).toBe(note));

  it("has several ways to one provider, the first that takes it", () => {
    const routes = [
      route("all", { provider: "fen" }),
      route("to-estonia", { provider: "hill", countryPrefixes: ["372"], position: 1 }),
      route("spare", { provider: "fen", position: 200 }),
    ];
    expect(chosen({ routes })).toBe("to-estonia order");
    expect(chosen({ routes, message: { countryPrefix: "33" } })).toBe("all order");
  });

  it("leaves a tier so many messages as its health allows", () => {
    const standings = { fen: coming(0.2), hill: { kind: "away" } as const };
    const taken = Array.from({ length: 1_000 }, (_, index) => chosen({ standings, draw: index / 1_000 }));
    expect(taken.filter((note) => note.startsWith("fen "))).toHaveLength(200);
    expect(taken.filter((note) => note.startsWith("coast "))).toHaveLength(800);
  });
});

describe("an explained decision", () => {
  it("says of every route why or why not", () => {
    const routes = [
      route("home", { carriesInternational: false, position: 1 }),
      route("coast", { position: 2 }),
      route("fen"),
      route("hill"),
      route("spare", { position: 200 }),
    ];
    const { choice, verdicts } = explainRoutes(question({ routes, standings: { coast: OPEN } }));
    const how = choice.kind === "route" ? choice : undefined;
    expect(verdicts.map((verdict) => [verdict.route.name, verdictWords(verdict, how)])).toEqual([
      ["home", "carries nothing abroad"],
      ["coast", "its provider's circuit is open: it is in trouble"],
      ["fen", "drawn by weight, 50 of 100"],
      ["hill", "another comes first"],
      ["spare", "another comes first"],
    ]);
  });

  it("is read back from its note", () => {
    expect(readRouteNote("fen weight:50/100 -coast:away -hill:open")).toEqual({
      ...{ route: "fen", how: "weight", weights: { own: 50, all: 100 } },
      passed: [
        { route: "coast", obstacle: "away" },
        { route: "hill", obstacle: "open" },
      ],
    });
    expect(readRouteNote("fen only")).toEqual({ route: "fen", how: "only", passed: [] });
    expect(readRouteNote("")).toBeUndefined();
  });
});
