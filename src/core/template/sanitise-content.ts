/** Values that strangers typed, made harmless: no links, no markdown. Asked for with `sanitise_content_for` in Notify's API. */
/**
 * Runs that a mail program would make a link of: an optional scheme, labels with full stops, letters as the top-level domain, and what
 * follows up to a space. Labels are limited as in the DNS (RFC 1035 §2.3.4), which also bounds the time this takes.
 */
const URL_LIKE =
  /(?<![@.\p{L}\p{N}_-])(?:https?:\/\/)?(?:[\p{L}\p{N}_-]{1,63}\.){1,126}\p{L}{2,63}(?![\p{L}\p{N}_@-])(?:[/?#][^\s<]*)?/giu;
const HOST_ONLY = /^[A-Za-z0-9.-]+$/;
const MARKDOWN_CHARACTER = /[`*_(){}[\]<>#+\-.!|\\]/g;

/** A value without addresses, its markdown characters escaped.  sanitiseContent("Mr.Smith # https://evil.example/x") → "Mr\\. Smith \\# " */
export function sanitiseContent(value: string): string {
  return value.replace(URL_LIKE, withoutLink).replace(MARKDOWN_CHARACTER, "\\$&");
}

/** A bare name may be a sentence without its space; anything more is an address. */
function withoutLink(run: string): string {
  return HOST_ONLY.test(run) ? run.replaceAll(".", ". ") : "";
}
