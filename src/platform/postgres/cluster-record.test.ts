import { describe, expect, it } from "vitest";
import { judgeCluster, newRecord } from "./cluster-record.ts";
import { backOffMs } from "./supervisor.ts";

const made = { ...newRecord("postgres-18"), madeAt: "2026-11-22T12:00:00.000Z" };
const begun = newRecord("postgres-18");

describe("judgeCluster", () => {
  it.each([
    ["an empty folder", undefined, false, "make"],
    ["a start cut short before the cluster was whole", begun, false, "make"],
    ["a start cut short just after", begun, true, "use"],
    ["a cluster and its record", made, true, "use"],
    ["a cluster without its password", undefined, true, "refuse"],
    ["a record whose cluster is gone", made, false, "refuse"],
    ["a record that names another place", { ...made, cluster: "/elsewhere/postgres-18" }, true, "refuse"],
  ])("%s", (_name, record, clusterExists, kind) => {
    const found = { record, clusterExists, recordFile: "/d/postgres.json", clusterDir: "/d/postgres-18" };
    expect(judgeCluster({ ...found, cluster: "postgres-18" }).kind).toBe(kind);
  });
});

describe("backOffMs", () => {
  it.each([
    [1, 100],
    [2, 200],
    [4, 800],
    [8, 10_000],
    [2_000, 10_000],
  ])("attempt %i waits %i ms", (attempt, ms) => {
    expect(backOffMs(attempt)).toBe(ms);
  });
});
