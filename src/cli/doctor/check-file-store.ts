/** Where files that recipients download are kept. */
import { existsSync } from "node:fs";
import type { Config } from "../../config.ts";
import { openBlobs } from "../../platform/blobs.ts";
import { type Finding, fail, ok } from "./finding.ts";

const ABOUT = "file store";

/** A folder that is not there is left for the first start to make. */
export async function checkFileStore({ fileStore }: Pick<Config, "fileStore">): Promise<Finding> {
  const where = fileStore.kind === "folder" ? fileStore.path : `bucket ${fileStore.bucket}`;
  if (fileStore.kind === "folder" && !existsSync(fileStore.path))
    return ok(ABOUT, `${where}: the first start makes it`);
  const problem = await findProblem(fileStore);
  return problem === undefined
    ? ok(ABOUT, where)
    : fail(ABOUT, `${where} cannot be written to (${problem}): see PENNYPOST_FILE_STORE`);
}

async function findProblem(fileStore: Config["fileStore"]): Promise<string | undefined> {
  try {
    return await (await openBlobs(fileStore)).findProblem();
  } catch (error) {
    return (error as Error).message;
  }
}
