/** The pages a person sees who follows a link to a file. */
import type { FileExtension } from "../core/files/file-types.ts";
import { fileSize, longDate } from "../core/files/shown-file.ts";
import type { OpenDocument } from "../flow/files/read-document.ts";
import type { Service } from "../records/services/service.ts";
import type { PlainAnswer } from "./plain-answer.ts";
import { escapeHtml, type PagePreview, recipientPage } from "./recipient-page.ts";

const SECONDS_PER_MINUTE = 60;

const KINDS: Readonly<Record<FileExtension, string>> = {
  csv: "CSV file",
  doc: "Microsoft Word document",
  docx: "Microsoft Word document",
  jpeg: "JPEG picture",
  jpg: "JPEG picture",
  json: "JSON file",
  odt: "OpenDocument text",
  pdf: "PDF",
  png: "PNG picture",
  rtf: "RTF document",
  txt: "text file",
  xlsx: "Microsoft Excel spreadsheet",
};

/** A file that is there, or one that is looked at before anybody has it. */
interface ShownDocument {
  service: Service;
  preview?: PagePreview;
}

interface DownloadableDocument extends ShownDocument, Pick<OpenDocument, "details"> {
  document: Pick<OpenDocument["document"], "availableUntil">;
}

/** What the address that somebody gave lacks; undefined before they have given one. */
export type AddressProblem = "missing" | "invalid" | "not-the-recipient";

const PROBLEMS: Readonly<Record<AddressProblem, string>> = {
  missing: "Enter your email address",
  invalid: "Enter an email address in the correct format, like name@example.com",
  "not-the-recipient": "This is not the email address the file was sent to",
};

/** Before anything else: programs that look into links before their reader does get no further. */
export function landingPage({ service, preview }: ShownDocument, continueUrl: string): PlainAnswer {
  return recipientPage({ status: 200, heading: "You have a file to download", preview }, [
    `<p>${escapeHtml(service.name)} sent you a file to download.</p>`,
    `<p><a class="button" href="${escapeHtml(continueUrl)}">Continue</a></p>`,
    ...contact(service, "If you have questions about the file"),
  ]);
}

/** What was typed stays in the field. */
export function addressPage(
  { service, preview }: ShownDocument,
  given: { address: string; problem: AddressProblem | undefined },
): PlainAnswer {
  const heading = "Confirm your email address";
  const problem = given.problem && PROBLEMS[given.problem];
  const frame = { status: given.problem ? 400 : 200, heading, title: problem ? `Error: ${heading}` : heading, preview };
  return recipientPage(frame, [
    ...(problem === undefined ? [] : [problemSummary(problem)]),
    `<p>${escapeHtml(service.name)} wants to be sure that the file gets to the right person. Give the email address that the link was sent to.</p>`,
    addressForm(given.address, problem, preview),
    ...(given.problem === "not-the-recipient" ? contact(service, "If you no longer use that address") : []),
  ]);
}

function problemSummary(problem: string): string {
  return `<div class="problem" role="alert"><h2>There is a problem</h2><p><a href="#email_address">${problem}</a></p></div>`;
}

function addressForm(address: string, problem: string | undefined, preview: PagePreview | undefined): string {
  const described = problem === undefined ? "" : ' aria-invalid="true" aria-describedby="email_address-problem"';
  const wrong =
    problem === undefined
      ? ""
      : `<p class="wrong" id="email_address-problem"><span>Error:</span> ${escapeHtml(problem)}</p>`;
  return `<form method="post" novalidate>
${preview?.formFields ?? ""}<label for="email_address">Email address</label>
${wrong}<input id="email_address" name="email_address" type="email" autocomplete="email" spellcheck="false" value="${escapeHtml(address)}"${described}>
<button type="submit">Continue</button>
</form>`;
}

export function downloadPage(
  { service, document, details, preview }: DownloadableDocument,
  fileUrl: string,
): PlainAnswer {
  const what = `${KINDS[details.extension]} (${fileSize(details.size)})`;
  return recipientPage({ status: 200, heading: "Download your file", preview }, [
    ...(details.filename === undefined ? [] : [`<p>${escapeHtml(details.filename)}</p>`]),
    `<p><a class="button" href="${escapeHtml(fileUrl)}">Download this ${what} to your device</a></p>`,
    `<p>This file is available to download until ${longDate(document.availableUntil)}.</p>`,
    ...contact(service, "If you have questions about the file"),
  ]);
}

export function tooManyTriesPage(service: Service, retryAfterSeconds: number): PlainAnswer {
  const minutes = Math.ceil(retryAfterSeconds / SECONDS_PER_MINUTE);
  const headers = { "Retry-After": String(retryAfterSeconds) };
  return recipientPage({ status: 429, heading: "Too many tries", headers }, [
    `<p>Somebody has given a wrong email address many times. Try again in ${minutes === 1 ? "a minute" : `${minutes} minutes`}.</p>`,
    ...contact(service, "If you cannot get at the file"),
  ]);
}

export function wrongLinkPage(service: Service): PlainAnswer {
  return recipientPage({ status: 404, heading: "This link does not work" }, [
    "<p>It may have been cut short when it was copied. Open the link in the email again.</p>",
    ...contact(service, "If it still does not work"),
  ]);
}

export function missingPage(service: Service | undefined): PlainAnswer {
  return recipientPage({ status: 404, heading: "There is no such file" }, [
    "<p>The link may have been changed, or the file was deleted long ago.</p>",
    ...(service ? contact(service, "If you need the file") : []),
  ]);
}

export function tryLaterPage(service: Service): PlainAnswer {
  const headers = { "Retry-After": String(SECONDS_PER_MINUTE) };
  return recipientPage({ status: 503, heading: "The file cannot be downloaded at the moment", headers }, [
    "<p>Open the link again in a few minutes.</p>",
    ...contact(service, "If it still does not work"),
  ]);
}

export function expiredPage(service: Service): PlainAnswer {
  return recipientPage({ status: 410, heading: "This file is no longer available" }, [
    "<p>The time in which it could be downloaded has passed.</p>",
    ...contact(service, "If you still need the file"),
  ]);
}

export function blockedPage(service: Service): PlainAnswer {
  return recipientPage({ status: 403, heading: "You cannot download this file" }, [
    `<p>${escapeHtml(service.name)} has stopped it from being downloaded.</p>`,
    ...contact(service, "If you need the file"),
  ]);
}

/** Whom to ask, as the service has set it up: it cannot have sent a file without. */
function contact({ name, filesContact }: Service, when: string): string[] {
  if (!filesContact) return [];
  const value = escapeHtml(filesContact.value);
  const ways = {
    link: `<a href="${value}" rel="noreferrer">${value}</a>`,
    "email-address": `<a href="mailto:${value}">${value}</a>`,
    "phone-number": value,
  };
  return [`<p>${when}, contact ${escapeHtml(name)}: ${ways[filesContact.kind]}</p>`];
}
