import { describe, expect, it } from "vitest";
import { checkAdminOrigin } from "./check-machine.ts";

describe("the address of the admin web", () => {
  it.each([
    ["127.0.0.1", undefined, "ok"],
    ["::1", undefined, "ok"],
    ["0.0.0.0", undefined, "warn"],
    ["10.0.0.5", undefined, "warn"],
    ["0.0.0.0", "https://post.example.org", "ok"],
    ["0.0.0.0", "http://post.example.org", "warn"],
    ["127.0.0.1", "http://localhost:6080", "ok"],
  ])("listening on %s, said to be at %s, is %s", (host, admin, verdict) => {
    expect(checkAdminOrigin({ host, origins: { admin } }).verdict).toBe(verdict);
  });
});
