/** Who asks for a page about templates, as the flow wants to be told, and the template that is asked for. */
import type { Author } from "../../../flow/templates/edit-template.ts";
import type { Member } from "../../../flow/templates/folders.ts";
import { getVisibleTemplate } from "../../../flow/templates/read-template.ts";
import type { TemplatePage } from "../../../records/templates/template-page-store.ts";
import { actorOf } from "../http/actor.ts";
import type { ServiceVisit } from "../http/visit.ts";

export function memberOf({ service, visitor }: ServiceVisit): Member {
  return { serviceId: service.id, userId: visitor.userId };
}

export function authorOf(visit: ServiceVisit): Author {
  return { ...actorOf(visit), emailAddress: visit.visitor.session.emailAddress };
}

export function folderIdOf({ params }: ServiceVisit): string {
  return params["fid"] ?? "";
}

/** The template `:tid`, if the visitor sees it. */
export function templateOf(visit: ServiceVisit): Promise<TemplatePage> {
  return getVisibleTemplate(visit.app, memberOf(visit), visit.params["tid"] ?? "");
}
