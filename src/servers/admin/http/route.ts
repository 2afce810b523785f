/**
 * A page's address, who may ask for it, and what answers. The rules stand beside the addresses so that they can be read, and
 * swept by a test, as one table.
 *
 *     route({ method: "GET", url: "/services/:sid/templates", who: "member", handler: listTemplates })
 *     route({ method: "POST", url: "/services/:sid/templates", who: { permission: "manage_templates" }, handler: createTemplate })
 */
import type { MemberPermission } from "../../../records/sessions/session-store.ts";
import type { Answer } from "./answer.ts";
import type { SecondFactorVisit, ServiceVisit, UserVisit, Visit } from "./visit.ts";

/** Someone with this permission in the service `:sid`; of several, with any. */
export interface PermissionRule {
  permission: MemberPermission | readonly MemberPermission[];
  /** Not for platform administrators who are no members: they neither send nor make keys. */
  membersOnly?: boolean;
  /** Also for the people of the service's organisation. */
  orReader?: boolean;
}

export type Who =
  | "anyone"
  | "password-given" // and a second factor is owed
  | "signed-in"
  | "member" // of the service `:sid`, or a platform administrator
  | "reader" // or of the organisation that the service belongs to
  | PermissionRule
  | "platform-admin";

export type VisitOf<W extends Who> = W extends "anyone"
  ? Visit
  : W extends "password-given"
    ? SecondFactorVisit
    : W extends "signed-in" | "platform-admin"
      ? UserVisit
      : ServiceVisit;

export interface Page<W extends Who> {
  method: "GET" | "POST";
  url: string;
  who: W;
  /** Its form carries a file: `visit.files`. */
  takesFile?: true;
  handler: (visit: VisitOf<W>) => Answer | Promise<Answer>;
}

export interface Route {
  method: "GET" | "POST";
  url: string;
  who: Who;
  takesFile?: true;
  /** Only after the guard: it is what makes the visit the one that the handler asks for. */
  handler: (visit: never) => Answer | Promise<Answer>;
}

export function route<const W extends Who>(page: Page<W>): Route {
  return page;
}
