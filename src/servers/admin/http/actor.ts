/** Who does something on a page, and from where: for the entry in the audit log, and for links in what is written to people. */
import type { Actor } from "../../../flow/actor.ts";
import type { Where } from "../../../flow/people/people.ts";
import type { UserVisit, Visit } from "./visit.ts";

export function actorOf({ visitor, ipAddress }: Pick<UserVisit, "visitor" | "ipAddress">): Actor {
  return { userId: visitor.userId, ip: ipAddress };
}

export function whereOf({ ipAddress, origin }: Pick<Visit, "ipAddress" | "origin">): Where {
  return { ip: ipAddress, origin };
}
