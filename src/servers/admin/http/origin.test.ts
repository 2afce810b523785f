import { describe, expect, it } from "vitest";
import { originForLinks } from "./origin.ts";

const socket = { localPort: 6080 };

describe("links that we send out", () => {
  it.each([
    ["lead to what is configured", "https://post.example.org", "evil.example", "https://post.example.org"],
    ["lead to this machine as it was called", undefined, "localhost:6080", "http://localhost:6080"],
    ["lead to this machine by its address", undefined, "127.0.0.1:6080", "http://127.0.0.1:6080"],
    ["do not lead where a Host header says", undefined, "evil.example", "http://127.0.0.1:6080"],
    ["do not lead to a name that begins like ours", undefined, "localhost.evil.example", "http://127.0.0.1:6080"],
  ])("%s", (_name, configured, host, expected) => {
    const hostname = host.replace(/:\d+$/, "");
    expect(originForLinks(configured, { protocol: "http", host, hostname, socket })).toBe(expected);
  });

  it("lead back by TLS where it was TLS that brought the request", () => {
    const asked = { protocol: "https", host: "evil.example", hostname: "evil.example" } as const;
    expect(originForLinks(undefined, { ...asked, socket: { ...socket, encrypted: true } })).toBe(
      "https://127.0.0.1:6080",
    );
  });
});
