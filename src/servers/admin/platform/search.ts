/** `/platform/search`: anything by its id, people, services and organisations by a part of their name or address. */
import { findAnything } from "../../../flow/people/platform.ts";
import type { Found, FoundKind } from "../../../records/platform-search/platform-search-store.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, readFields, refuseIfInvalid, submit } from "../http/form.ts";
import { asId } from "../http/ids.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { UserVisit } from "../http/visit.ts";
import { placeOf } from "./shown.ts";

const KINDS: readonly FoundKind[] = [
  "service",
  "user",
  "organisation",
  "template",
  "notification",
  "api-key",
  "provider",
];
const TEXT_MIN_CHARACTERS = 2;

interface Group {
  heading: string;
  found: readonly { name: string; id: string; url: string | undefined }[];
}

const showSearch = page<{ form: Form<"text">; groups: readonly Group[] | undefined }>("platform/search.njk");

export const searchRoutes: readonly Route[] = [
  route({ method: "GET", url: "/platform/search", who: "platform-admin", handler: openSearch }),
  route({ method: "POST", url: "/platform/search", who: "platform-admin", handler: search }),
];

function openSearch(visit: UserVisit): Answer {
  return showSearch(visit, { form: formOf({ text: "" }), groups: undefined });
}

/** Posted, because names and addresses do not belong in addresses of pages. An id leads straight to what it is of. */
function search(visit: UserVisit): Promise<Answer> {
  const values = readFields(visit, ["text"]);
  return submit({
    values,
    refusedAt: "text",
    act: () => searchFor(visit, values),
    showAgain: (form) => showSearch(visit, { form, groups: undefined }),
  });
}

async function searchFor(visit: UserVisit, values: { text: string }): Promise<Answer> {
  const wanted = values.text.trim();
  refuseIfInvalid({ text: wanted.length < TEXT_MIN_CHARACTERS && visit.text("platform.search.enter") });
  const found = await findAnything(visit.people, wanted);
  const [only] = found;
  const url = only && found.length === 1 && asId(wanted) ? placeOf(visit, only) : undefined;
  if (url) return redirect(url);
  return showSearch(visit, { form: formOf(values), groups: groupsOf(visit, found) });
}

function groupsOf(visit: UserVisit, found: readonly Found[]): Group[] {
  return KINDS.flatMap((kind) => {
    const ofKind = found.filter((one) => one.kind === kind);
    if (ofKind.length === 0) return [];
    const rows = ofKind.map((one) => ({ id: one.id, name: one.name ?? one.id, url: placeOf(visit, one) }));
    return [{ heading: visit.text(`platform.kind.${kind}`), found: rows }];
  });
}
