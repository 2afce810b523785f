/** `/services/:sid/templates/:tid/versions`: how a template read before, what changed, and bringing it back. */

import { impossible, Refusal } from "../../../core/refusal.ts";
import { restoreVersion } from "../../../flow/templates/edit-template.ts";
import type { TemplatePage } from "../../../records/templates/template-page-store.ts";
import { findVersion, type ListedVersion, listVersions } from "../../../records/templates/template-page-store.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, readFields, submit } from "../http/form.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { showBreaking } from "./breaking.ts";
import { type Difference, differenceOf } from "./difference.ts";
import { TEMPLATES_URL, templatePath } from "./paths.ts";
import { frameOf, type Shown, shownAs, templatePdf } from "./shown.ts";
import { authorOf, templateOf } from "./who.ts";

const VERSIONS = `${TEMPLATES_URL}/:tid/versions`;
const VERSION = `${VERSIONS}/:version`;
const MAY_CHANGE = { permission: "manage_templates" } as const;
/** Numbers in addresses are no longer than a version can be. */
const NUMBER = /^[1-9]\d{0,8}$/;

interface VersionsPage {
  name: string;
  path: string;
  rows: readonly (ListedVersion & { isCurrent: boolean })[];
  older: string | undefined;
}

interface VersionPage extends Shown {
  form: Form<"restore">;
  name: string;
  version: ListedVersion;
  isCurrent: boolean;
  compared: { title: string; difference: Difference; isWithCurrent: boolean } | undefined;
  currentVersion: number;
  mayRestore: boolean;
  path: string;
}

const showVersions = page<VersionsPage>("templates/versions.njk");
const showVersion = page<VersionPage>("templates/version.njk");

export const versionRoutes: readonly Route[] = [
  route({ method: "GET", url: VERSIONS, who: "reader", handler: openVersions }),
  route({ method: "GET", url: VERSION, who: "reader", handler: openVersion }),
  route({ method: "GET", url: `${VERSION}/preview`, who: "reader", handler: openPreview }),
  route({ method: "GET", url: `${VERSION}/letter.pdf`, who: "reader", handler: downloadPdf }),
  route({ method: "POST", url: `${VERSION}/restore`, who: MAY_CHANGE, handler: restore }),
];

async function openVersions(visit: ServiceVisit): Promise<Answer> {
  const { app, service, query } = visit;
  const { id, name, version } = await templateOf(visit);
  const path = `${templatePath(service.id, id)}/versions`;
  const before = NUMBER.test(query.get("before") ?? "") ? Number(query.get("before")) : undefined;
  const versions = await listVersions(app.db, { serviceId: service.id, templateId: id, olderThan: before });
  const last = versions.at(-1);
  return showVersions(visit, {
    name,
    path,
    rows: versions.map((one) => ({ ...one, isCurrent: one.version === version })),
    older: last && last.version > 1 ? `${path}?before=${last.version}` : undefined,
  });
}

async function openVersion(visit: ServiceVisit): Promise<Answer> {
  const template = await templateOf(visit);
  return showOne(visit, template, formOf({ restore: "" }));
}

async function showOne(visit: ServiceVisit, template: TemplatePage, form: Form<"restore">): Promise<Answer> {
  const version = await versionOf(visit, template, visit.params["version"] ?? "");
  const path = `${templatePath(visit.service.id, template.id)}/versions`;
  const isCurrent = version.version === template.version;
  return showVersion(visit, {
    form,
    name: template.name,
    version,
    isCurrent,
    ...(await shownAs(visit, { ...version, channel: template.channel }, `${path}/${version.version}`)),
    compared: await compare(visit, template, version),
    currentVersion: template.version,
    mayRestore: visit.may("manage_templates") && !isCurrent && template.archivedAt === undefined,
    path,
  });
}

async function compare(
  visit: ServiceVisit,
  template: TemplatePage,
  version: ListedVersion,
): Promise<VersionPage["compared"]> {
  const { text, query } = visit;
  if (query.get("with") === "current") {
    return {
      title: text("templates.version.toCurrent"),
      difference: differenceOf(text, version, template),
      isWithCurrent: true,
    };
  }
  if (version.version === 1) return undefined;
  const before = await versionOf(visit, template, String(version.version - 1));
  const title = text("templates.version.changed", { version: before.version });
  return { title, difference: differenceOf(text, before, version), isWithCurrent: false };
}

async function openPreview(visit: ServiceVisit): Promise<Answer> {
  const template = await templateOf(visit);
  const version = await versionOf(visit, template, visit.params["version"] ?? "");
  const asked = { as: visit.query.get("as") ?? "", examples: [] };
  return frameOf(visit, { ...version, channel: template.channel }, asked);
}

async function downloadPdf(visit: ServiceVisit): Promise<Answer> {
  const template = await templateOf(visit);
  const version = await versionOf(visit, template, visit.params["version"] ?? "");
  return templatePdf(visit, { ...version, channel: template.channel });
}

async function restore(visit: ServiceVisit): Promise<Answer> {
  const template = await templateOf(visit);
  return submit({
    values: { restore: "" },
    refusedAt: "restore",
    act: () => restoreAs(visit, template),
    showAgain: (form) => showOne(visit, template, form),
  });
}

async function restoreAs(visit: ServiceVisit, template: TemplatePage): Promise<Answer> {
  const { app, service, text } = visit;
  const { version } = await versionOf(visit, template, visit.params["version"] ?? "");
  const { baseVersion, confirms } = readFields(visit, ["baseVersion", "confirms"]);
  const wish = {
    service,
    templateId: template.id,
    version,
    baseVersion: Number.parseInt(baseVersion, 10) || 0,
    confirmsBreakingChange: confirms !== "",
  };
  const restored = await restoreVersion(app, authorOf(visit), wish);
  const path = templatePath(service.id, template.id);
  switch (restored.kind) {
    case "saved":
    case "unchanged":
      return redirect(path, { flash: text("templates.version.restored", { version }) });
    case "conflict":
      throw new Refusal("conflict", text("templates.version.conflict"));
    case "needs-confirmation":
      return showBreaking(visit, restored.changes, {
        path: `${path}/versions/${version}/restore`,
        baseVersion: wish.baseVersion,
      });
    default:
      return impossible(restored);
  }
}

async function versionOf(visit: ServiceVisit, template: TemplatePage, number: string): Promise<ListedVersion> {
  const asked = { serviceId: visit.service.id, templateId: template.id, version: Number(number) };
  const version = NUMBER.test(number) ? await findVersion(visit.app.db, asked) : undefined;
  if (!version) throw new Refusal("not-found", "There is no such version");
  return version;
}
