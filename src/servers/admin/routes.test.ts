import { describe, expect, it } from "vitest";
import { movedPaths, NOTIFY_PATHS, newPath } from "./http/notify-paths.ts";
import { routes } from "./routes.ts";

const nameOf = ({ method, url }: { method: string; url: string }) => `${method} ${url}`;

describe("the table of pages", () => {
  it("has each once", () => {
    const names = routes.map(nameOf);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it.each(routes.filter(({ url }) => url.includes(":sid")).map((route) => [nameOf(route), route.who] as const))(
    "%s is for people of the service, or of its organisation",
    (_, who) => {
      expect(who === "member" || who === "reader" || typeof who === "object").toBe(true);
    },
  );

  it.each(routes.filter(({ url }) => !url.includes(":sid")).map((route) => [nameOf(route), route.who] as const))(
    "%s, which names no service, asks for no permission in one",
    (_, who) => {
      expect(typeof who).toBe("string");
      expect(["member", "reader"]).not.toContain(who);
    },
  );

  it.each(routes.filter(({ url }) => url.startsWith("/platform/")).map((route) => [nameOf(route), route.who] as const))(
    "%s is for platform administrators",
    (_, who) => {
      expect(who).toBe("platform-admin");
    },
  );
});

describe("an address of GOV.UK Notify's", () => {
  it("leads nowhere as long as there is no such page here", () => {
    expect(movedPaths(new Set())).toEqual([]);
  });

  it("leads to the same page, with its own values", () => {
    const [moved] = movedPaths(new Set(["/services/:sid/messages/:messageId"]));
    expect(moved?.from).toBe("/services/:sid/notification/:id");
    expect(moved && newPath(moved, { sid: "s", id: "n/1" })).toBe("/services/s/messages/n%2F1");
  });

  it("is never one of our own", () => {
    const own = new Set(routes.map(({ url }) => url));
    expect(NOTIFY_PATHS.filter(({ from }) => own.has(from))).toEqual([]);
  });
});
