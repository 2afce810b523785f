import { describe, expect, it } from "vitest";
import { allows, preferredAccount } from "./account.ts";

const PASSWD = `root:x:0:0:root:/root:/bin/bash
nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
postgres:x:101:104::/var/lib/postgresql:/bin/bash
`;

describe("preferredAccount", () => {
  it.each([
    ["postgres before nobody", PASSWD, { name: "postgres", uid: 101, gid: 104 }],
    ["our own before both", `${PASSWD}pennypost:x:900:900::/:/bin/false\n`, { name: "pennypost", uid: 900, gid: 900 }],
    ["never one that is root by another name", "nobody:x:0:0::/:/bin/false\n", undefined],
    ["none when there is none", "root:x:0:0::/:/bin/bash\nalice:x:1000:1000::/:/bin/bash\n", undefined],
    ["not the negative ids of macOS", "nobody:*:-2:-2::/:/bin/false\n", undefined],
  ])("takes %s", (_name, passwd, account) => {
    expect(preferredAccount(passwd)).toEqual(account);
  });
});

describe("allows", () => {
  it.each([
    ["others may enter 0711", 0o711, 7, 7, true],
    ["others may not enter 0700", 0o700, 7, 7, false],
    ["the group may enter 0710", 0o710, 7, 2, true],
    ["the group's bits hold for its members, though others may more", 0o701, 7, 2, false],
    ["the owner's bits hold for the owner, though all others may more", 0o077, 1, 7, false],
  ])("%s", (_name, mode, uid, gid, expected) => {
    expect(allows({ mode, uid: 1, gid: 2 }, { uid, gid }, 0o1)).toBe(expected);
  });
});
