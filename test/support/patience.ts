/**
 * How long a test waits for what a socket, a worker or another process does a moment later: far longer than it takes, for the machine
 * may do much else and stand still for seconds.
 *
 *     await vi.waitFor(() => expect(heard).toHaveLength(1), PATIENCE);
 */
export const PATIENCE = { timeout: 30_000, interval: 20 };
