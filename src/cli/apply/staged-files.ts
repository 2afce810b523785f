/**
 * Files that a run means to keep. They go into the store when everything else is done, before the rows that name them are committed, and
 * out of it again where that fails. Of a process that is killed in between, what is left is sealed under a key that was never kept.
 */
import type { FileTools, OpenFileTools } from "./file-tools.ts";

export interface StagedFiles {
  tools(): Promise<FileTools>;
  /** `bytes` are sealed already. */
  stage(key: string, bytes: Buffer): void;
  putAll(): Promise<void>;
  dropAll(): Promise<void>;
}

export function stageFiles(openTools: OpenFileTools): StagedFiles {
  const staged: { key: string; bytes: Buffer }[] = [];
  const begun: string[] = [];
  return {
    tools: openTools,
    stage: (key, bytes) => void staged.push({ key, bytes }),
    putAll: async () => {
      for (const { key, bytes } of staged) {
        const { blobs } = await openTools();
        begun.push(key);
        await blobs.put(key, bytes);
      }
    },
    dropAll: async () => {
      for (const key of begun) await (await openTools()).blobs.delete(key);
    },
  };
}
