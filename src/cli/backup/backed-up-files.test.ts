import { expect, it } from "vitest";
import { FileCopy } from "./backed-up-files.ts";

it.each([
  "files/../master.key",
  "files/documents/../../master.key",
  "files//etc/passwd",
  "files/documents/.hidden",
  "files/documents",
  "files/documents\\one",
])("a file named %s in an archive is refused before anything is opened", async (name) => {
  const copy = new FileCopy(() => expect.fail("the store was opened"));
  await expect(copy.write(name, Buffer.from("x"))).rejects.toThrow("a file that cannot be ours");
});
