/** When to stop: a signal, or the end of the process that started this one. */

/** A second signal does not wait. */
const IMPATIENT_EXIT_STATUS = 130;

export function untilToldToStop(): Promise<void> {
  return new Promise((resolve) => {
    const isStartedByUs = process.connected === true;
    let isStopping = false;
    const stop = (): void => {
      if (isStopping && !isStartedByUs) process.exit(IMPATIENT_EXIT_STATUS);
      isStopping = true;
      process.channel?.unref(); // listening for its end would hold this process when all its work has ended
      resolve();
    };
    process.on("SIGTERM", stop);
    // Ctrl+C reaches every process of the terminal; those that another one started wait for its word, and so stop in their turn.
    process.on("SIGINT", () => {
      if (!process.connected) stop();
    });
    process.once("disconnect", resolve);
  });
}
