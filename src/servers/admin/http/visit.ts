/** A request on its way to a page, and who makes it. What a handler is given depends on the rule of its route (`route.ts`). */
import type { Intake } from "../../../flow/intake/accept.ts";
import type { LetterPreviews } from "../../../flow/letters/preview-letter.ts";
import type { People } from "../../../flow/people/people.ts";
import type { Outbound } from "../../../platform/http.ts";
import type { Service } from "../../../records/services/service.ts";
import type { KnownSession, MemberPermission } from "../../../records/sessions/session-store.ts";
import type { Language, Text } from "../catalogue/text.ts";
import type { Formats } from "../formats/formats.ts";
import type { Live } from "./live.ts";
import type { UploadedFile } from "./uploads.ts";

/** What all pages share, made once. */
export interface Admin {
  app: Intake;
  /** For what people do: accounts, signing in, teams. */
  people: People;
  /** Calls addresses that services have chosen, to try them out. */
  outbound: Outbound;
  /** Letters, to be looked at. */
  letters: LetterPreviews;
  live: Live;
  /** The paths that pages answer at, as written in their routes: what is not here is not linked to. */
  urls: ReadonlySet<string>;
  /** Whether browsers reach us over HTTPS. */
  isSecure: boolean;
}

export interface SignedOut {
  kind: "signed-out";
}

/** Knows the password, and owes a second factor. */
export interface PasswordGiven {
  kind: "password-given";
  session: KnownSession;
}

export interface SignedIn {
  kind: "signed-in";
  session: KnownSession;
  userId: string;
  name: string;
  /** Unless they have switched that view off for this session. */
  isPlatformAdmin: boolean;
  memberships: ReadonlyMap<string, ReadonlySet<MemberPermission>>;
  organisationIds: ReadonlySet<string>;
}

export type Visitor = SignedOut | PasswordGiven | SignedIn;

/** A request by anybody. */
export interface Visit {
  admin: Admin;
  app: Intake;
  people: People;
  visitor: Visitor;
  language: Language;
  text: Text;
  formats: Formats;
  /** The moment the request came. */
  now: Date;
  /** Where browsers reach these pages, for links that leave the house: as configured, else where this request came. */
  origin: string;
  /** Path with query, as it was asked for. */
  url: string;
  /** The path's named parts, such as `sid`. */
  params: Readonly<Record<string, string>>;
  query: URLSearchParams;
  /** The form's fields by name, each with all its values. Empty for a GET. */
  body: ReadonlyMap<string, readonly string[]>;
  /** The form's files by name, for pages that take them. */
  files: ReadonlyMap<string, UploadedFile>;
  ipAddress: string;
  userAgent: string;
  /** By their names of ours, whatever prefix they carry. */
  cookie(name: string): string | undefined;
  /** What the page before had to say. */
  flash: string | undefined;
  /** Where live events were when the request came. */
  livePosition: string;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The token that forms carry; asking for it may set a cookie. */
  csrfToken(): string;
}

/** A request by someone who has given their password and now gives their second factor. */
export interface SecondFactorVisit extends Visit {
  visitor: PasswordGiven;
}

/** A request by someone who has signed in. */
export interface UserVisit extends Visit {
  visitor: SignedIn;
}

/** A request about a service, by someone who may see it. */
export interface ServiceVisit extends UserVisit {
  service: Service;
  /** A member, or only looking in: as a platform administrator, or for the organisation. */
  isMember: boolean;
  /** Looks in for the organisation alone: reads templates, team and usage, and nothing else. */
  isReader: boolean;
  /** Whether a member was given this; platform administrators who are no members may all but send and make keys. */
  may(permission: MemberPermission): boolean;
}
