import { expect, it } from "vitest";
import { lineToRead } from "./log.ts";

const NOON = new Date(2026, 5, 1, 12, 0, 0).getTime();

it.each([
  [
    { level: 30, time: NOON, role: "worker", provider: "northline", binds: 2, event: "smpp.bound" },
    "12:00:00 worker  smpp.bound  provider=northline  binds=2\n",
  ],
  [{ level: 20, time: NOON, role: "web", event: "plain" }, "12:00:00 web  plain\n"],
  [
    { level: 40, time: NOON, role: "worker", reason: "line\nbreak", event: "provider.unavailable" },
    '12:00:00 worker WARN  provider.unavailable  reason="line\\nbreak"\n',
  ],
  [
    { level: 50, time: NOON, role: "web", at: ["a"], event: "api.failed" },
    '12:00:00 web ERROR  api.failed  at=["a"]\n',
  ],
])("of %o a terminal shows a line to read", (logged, expected) => {
  expect(lineToRead(JSON.stringify(logged))).toBe(expected);
});
