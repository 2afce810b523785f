import { describe, expect, it } from "vitest";
import { chooseRoute, inOrder, type RouteOption, type RouteQuestion } from "./choose-route.ts";

const route = (provider: string, wish: Partial<RouteOption> = {}): RouteOption => ({
  ...{ provider, keyKinds: ["live"], carriesInternational: true, weight: 50 },
  ...wish,
});
const [fen, hill, coast] = [route("fen"), route("hill"), route("coast", { weight: 0 })];
const everything: RouteQuestion<RouteOption> = {
  ...{ routes: [fen, hill, coast], keyKind: "live", isInternational: true, isAvailable: () => true },
  ...{ firstProviders: [], failedProvider: undefined, draw: 0.4 },
};
const chosen = (wish: Partial<RouteQuestion<RouteOption>>) => {
  const choice = chooseRoute({ ...everything, ...wish });
  return choice.kind === "route" ? choice.route.provider : choice.kind;
};

describe("the route of a message", () => {
  it.each([
    [0, "fen"],
    [0.49, "fen"],
    [0.5, "hill"],
    [0.999, "hill"],
  ])("is drawn by weight: %d gives %s", (draw, provider) => {
    expect(chosen({ draw })).toBe(provider);
  });

  it.each<[string, readonly string[], Partial<RouteQuestion<RouteOption>>, string]>([
    ["takes the first of the order, whatever its weight", ["coast", "hill"], {}, "coast"],
    ["takes the next while the first is away", ["coast", "hill"], { isAvailable: (name) => name !== "coast" }, "hill"],
    ["takes the next when the first has failed it", ["coast", "hill"], { failedProvider: "coast" }, "hill"],
    ["goes back to the first when there is no other", ["coast"], { routes: [coast], failedProvider: "coast" }, "coast"],
    ["is shared when none of the order is there", ["marsh"], {}, "fen"],
    [
      "passes over who carries nothing abroad",
      ["home", "hill"],
      { routes: [route("home", { carriesInternational: false }), hill] },
      "hill",
    ],
    [
      "passes over who is not for such a key",
      ["team"],
      { routes: [route("team", { keyKinds: ["team"] }), fen] },
      "fen",
    ],
    ["waits when none is there", ["coast"], { isAvailable: () => false }, "none-available"],
    ["is none when nothing is set up", ["coast"], { routes: [] }, "no-route"],
  ])("%s", (_, firstProviders, wish, provider) => {
    expect(chosen({ firstProviders, ...wish })).toBe(provider);
  });

  it("keeps the order of the list, with every route to each", () => {
    const twice = route("hill", { weight: 1 });
    expect(inOrder([fen, hill, twice], ["hill", "marsh", "fen"])).toEqual([hill, twice, fen]);
  });
});
