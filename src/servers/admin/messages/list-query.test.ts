import { describe, expect, it } from "vitest";
import { dateOrNone, isFiltered, listPath, messageQuery, readListQuery } from "./list-query.ts";

const ID = "0197fb6e-7c1f-7d6a-9a67-0c8b1f2e3d4c";
const read = (query: string) => {
  const parameters = new URLSearchParams(query);
  return readListQuery((name) => parameters.get(name));
};

describe("what a list of messages is asked for", () => {
  it.each([
    ["channel=sms&status=failed", { channel: "sms", status: "failed" }],
    [`template=${ID.toUpperCase()}&key=none`, { template: ID }],
    ["channel=letter", { channel: "letter" }],
    ["channel=fax&status=lost&test=without", {}],
    ["country=%2B33&provider=fen-1&code=88", { country: "33", provider: "fen-1", code: "88" }],
    ["country=France&provider=Fen!&code=a%20b", {}],
    ["from=2026-02-30&to=2026-02-28", { to: "2026-02-28" }],
    [`older=${ID}`, { older: ID }],
  ])("%s is read so, and leaves out what it does not understand", (query, expected) => {
    expect(read(query)).toEqual(expected);
  });

  it("is written as it is read", () => {
    const query = read(`search=${ID}&channel=email&status=delivered&from=2026-06-01&newer=${ID}`);
    expect(read(listPath("s", query).split("?")[1] ?? "")).toEqual(query);
    expect(listPath("s")).toBe("/services/s/messages");
  });

  it("takes both days in, as they are at home", () => {
    const { from, before } = messageQuery({ from: "2026-06-10", to: "2026-06-10" }, undefined);
    expect([from, before].map((moment) => moment?.toISOString())).toEqual([
      "2026-06-09T23:00:00.000Z",
      "2026-06-10T23:00:00.000Z",
    ]);
  });

  it("is no filter while it only names a page", () => {
    expect([isFiltered(read(`older=${ID}`)), isFiltered(read("status=failed"))]).toEqual([false, true]);
  });
});

describe("a date", () => {
  it.each([
    ["2026-06-10", "2026-06-10"],
    ["2026-6-1", undefined],
    ["2026-13-01", undefined],
    ["2026-02-29", undefined],
    ["", undefined],
  ])("%j is read as %j", (text, expected) => {
    expect(dateOrNone(text)).toBe(expected);
  });
});
