import { describe, expect, it } from "vitest";
import { type ApplicationState, movesFrom } from "./application.ts";

describe("an application for a country", () => {
  const table: [ApplicationState, ApplicationState[], ApplicationState[]][] = [
    ["asked", ["withdrawn"], ["sent", "more-wanted", "refused"]],
    ["sent", ["withdrawn"], ["more-wanted", "registered", "refused"]],
    ["more-wanted", ["asked", "withdrawn"], ["refused"]],
    ["registered", [], []],
    ["refused", [], []],
    ["withdrawn", [], []],
    ["closed", [], []],
  ];
  it.each(table)("that is %s is moved by its service to %j, and by the platform to %j", (from, service, platform) => {
    expect([movesFrom("service", from), movesFrom("platform", from)]).toEqual([service, platform]);
  });
});
