/** How far long work has come, for a person at a terminal; nothing for anybody else. */
import { SingleBar } from "cli-progress";
import type { CommandContext } from "./command.ts";

export interface Progress {
  add(count: number): void;
  stop(): void;
}

export function showProgress(
  context: CommandContext,
  work: { what: string; total: number; json?: boolean | undefined },
): Progress {
  if (!context.stderr.isTTY || work.json) return { add: () => {}, stop: () => {} };
  const bar = new SingleBar({
    format: `${work.what} [{bar}] {percentage}% {value} of about {total} rows`,
    stream: context.stderr as NodeJS.WriteStream,
    hideCursor: true,
    clearOnComplete: true,
  });
  bar.start(Math.max(work.total, 1), 0);
  return { add: (count) => bar.increment(count), stop: () => bar.stop() };
}
