/** `pennypost user create|reset|list`: the first administrator, and a way in for who is locked out. */
import type { Command } from "commander";
import { Refusal } from "../../core/refusal.ts";
import type { Database } from "../../platform/db.ts";
import { newId } from "../../platform/ids.ts";
import { insertAuditEntries } from "../../records/audit/audit-store.ts";
import { revokeSessions } from "../../records/sessions/session-store.ts";
import { deleteSecondFactors } from "../../records/sign-in/factor-store.ts";
import { hashPassword } from "../../records/users/password.ts";
import {
  findUserByEmail,
  insertUser,
  listUsers,
  type NewUser,
  parseUserEmail,
  parseUserMobile,
  updateUser,
} from "../../records/users/user-store.ts";
import { type CommandContext, JSON_OPTION, say, withInstallation } from "../command.ts";
import { type ChosenPassword, choosePassword } from "../password-prompt.ts";

interface PasswordOptions {
  passwordStdin?: boolean;
  generate?: boolean;
  json?: boolean;
}

interface ResetOptions extends PasswordOptions {
  removeSecondFactors?: boolean;
}

interface CreateOptions extends PasswordOptions {
  email: string;
  name: string;
  mobile?: string;
  platformAdmin?: boolean;
}

export function addUserCommand(program: Command, context: CommandContext): void {
  const user = program.command("user").description("people who sign in");
  withPassword(user.command("create").description("add someone"))
    .requiredOption("--email <address>", "what they sign in with")
    .requiredOption("--name <name>", "what they are called")
    .option("--mobile <number>", "where codes for signing in are texted")
    .option("--platform-admin", "may do everything, in every service")
    .action((options: CreateOptions) => create(context, options));
  withPassword(user.command("reset").description("give someone a new password"))
    .argument("<email>", "what they sign in with")
    .option("--remove-second-factors", "take their second factors away too, when they have lost them")
    .action((email: string, options: ResetOptions) => reset(context, email, options));
  user
    .command("list")
    .description("show everyone")
    .option(...JSON_OPTION)
    .action((options: { json?: boolean }) => list(context, options));
}

function withPassword(command: Command): Command {
  return command
    .option("--password-stdin", "read the password from standard input")
    .option("--generate", "make a password and print it once")
    .option(...JSON_OPTION);
}

async function create(context: CommandContext, options: CreateOptions): Promise<void> {
  const email = parseUserEmail(options.email);
  const mobileNumber = options.mobile === undefined ? undefined : parseUserMobile(options.mobile);
  const chosen = await choosePassword(context, options);
  const passwordHash = await hashPassword(chosen.password);
  const isPlatformAdmin = options.platformAdmin ?? false;
  const user = { id: newId(), name: options.name, emailAddress: email, mobileNumber, isPlatformAdmin, passwordHash };
  await withInstallation(context, "user", ({ db }) => insertNewUser(db, user));
  const role = isPlatformAdmin ? "a platform administrator" : "a user";
  say(context, options, {
    json: { id: user.id, email, ...shownPassword(chosen) },
    lines: [`${email} is now ${role}.`, ...passwordLines(chosen)],
  });
}

async function insertNewUser(db: Database, user: NewUser): Promise<void> {
  await db.transaction(async (tx) => {
    if (await findUserByEmail(tx, user.emailAddress)) {
      throw new Refusal(
        "conflict",
        `${user.emailAddress} is a user already: pennypost user reset ${user.emailAddress}`,
      );
    }
    await insertUser(tx, user);
    const after = { name: user.name, emailAddress: user.emailAddress, isPlatformAdmin: user.isPlatformAdmin };
    await insertAuditEntries(tx, [
      { actor: "pennypost user create", action: "user.created", subject: user.emailAddress, after },
    ]);
  });
}

async function reset(context: CommandContext, email: string, options: ResetOptions): Promise<void> {
  const chosen = await choosePassword(context, options);
  const passwordHash = await hashPassword(chosen.password);
  const removesFactors = options.removeSecondFactors ?? false;
  await withInstallation(context, "user", ({ db }) => letIn(db, { email, passwordHash, removesFactors }));
  say(context, options, {
    json: { email, ...shownPassword(chosen) },
    lines: [
      `${email} has a new password, and is signed out everywhere.`,
      ...(removesFactors ? ["Their second factors are gone: they sign in with the password alone."] : []),
      ...passwordLines(chosen),
    ],
  });
}

interface NewWayIn {
  email: string;
  passwordHash: string;
  removesFactors: boolean;
}

async function letIn(db: Database, { email, passwordHash, removesFactors }: NewWayIn): Promise<void> {
  await db.transaction(async (tx) => {
    const user = await findUserByEmail(tx, email);
    if (!user) throw new Refusal("not-found", `There is no user ${email}: pennypost user list`);
    await updateUser(tx, { ...user, passwordHash });
    await revokeSessions(tx, { userId: user.id, now: new Date() });
    if (removesFactors) await deleteSecondFactors(tx, user.id);
    const entry = { actor: "pennypost user reset", action: "user.password-reset", subject: user.emailAddress };
    await insertAuditEntries(tx, [{ ...entry, ...(removesFactors ? { after: { secondFactors: "removed" } } : {}) }]);
  });
}

async function list(context: CommandContext, options: { json?: boolean }): Promise<void> {
  const users = await withInstallation(context, "user", ({ db }) => listUsers(db));
  const shown = users.map(({ passwordHash, ...user }) => ({ ...user, hasPassword: passwordHash !== undefined }));
  const lines = shown.map(({ emailAddress, name, isPlatformAdmin, hasPassword }) =>
    [
      emailAddress,
      name,
      ...(isPlatformAdmin ? ["platform administrator"] : []),
      ...(hasPassword ? [] : ["no password yet"]),
    ].join(", "),
  );
  say(context, options, {
    json: shown,
    lines: lines.length > 0 ? lines : ["There are no users: pennypost user create"],
  });
}

function shownPassword({ password, isGenerated }: ChosenPassword): { password?: string } {
  return isGenerated ? { password } : {};
}

function passwordLines({ password, isGenerated }: ChosenPassword): string[] {
  return isGenerated ? [`Password, shown this once: ${password}`] : [];
}
