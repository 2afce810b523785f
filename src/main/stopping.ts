/** When to stop: a signal, or the end of the process that started this one. */
const SIGNALS = ["SIGINT", "SIGTERM"] as const;
/** A second signal does not wait. */
const IMPATIENT_EXIT_STATUS = 130;

export function untilToldToStop(): Promise<void> {
  return new Promise((resolve) => {
    let isStopping = false;
    const stop = (): void => {
      if (isStopping && !process.connected) process.exit(IMPATIENT_EXIT_STATUS);
      isStopping = true;
      resolve();
    };
    for (const signal of SIGNALS) process.on(signal, stop);
    process.once("disconnect", resolve);
  });
}
