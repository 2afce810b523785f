import { CannotStart } from "../platform/cannot-start.ts";

/** A busy or forbidden port, in one clear line. */
export function portProblem(error: unknown, where: { port: number; setting: string }): unknown {
  const { code } = error as { code?: string };
  if (code === "EADDRINUSE")
    return new CannotStart(`Port ${where.port} is in use; stop what uses it, or set ${where.setting} to another`);
  if (code === "EACCES")
    return new CannotStart(`Port ${where.port} may not be opened by this user; set ${where.setting} to another`);
  return error;
}
