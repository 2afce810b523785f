/** A letter as it comes to the print shop. */
const ID = /^[0-9a-f-]{36}$/;
const PDF_STARTS_WITH = "%PDF";

export interface PrintJob {
  id: string;
  recipient: string;
  /** Below the name, as printed. */
  lines: string[];
  despatchMethod: string | undefined;
  pages: number;
  sheets: number;
  pdf: Buffer;
  /** Where its sender wants to hear what became of it. */
  statusUrl: string | undefined;
}

/** Undefined when it is not one. */
export function readPrintJob(body: string): PrintJob | undefined {
  const job = parse(body);
  const { id, recipient, address, pages, sheets, pdf } = job;
  if (typeof id !== "string" || !ID.test(id) || typeof recipient !== "string" || typeof pdf !== "string")
    return undefined;
  const bytes = Buffer.from(pdf, "base64");
  if (bytes.toString("latin1", 0, PDF_STARTS_WITH.length) !== PDF_STARTS_WITH) return undefined;
  return {
    ...{ id, recipient, pages: Number(pages), sheets: Number(sheets), pdf: bytes },
    lines: linesOf(address),
    despatchMethod: textOf(job["despatch_method"]),
    statusUrl: textOf(job["status_url"]),
  };
}

function linesOf(address: unknown): string[] {
  const { lines, postcode, country, bfpo_number: bfpo } = isFields(address) ? address : {};
  const last = textOf(postcode) ?? textOf(country) ?? (textOf(bfpo) && `BFPO ${textOf(bfpo)}`);
  return [...(Array.isArray(lines) ? lines.map(String) : []), ...(last ? [last] : [])];
}

interface Fields {
  [name: string]: unknown;
}

function parse(body: string): Fields {
  try {
    const parsed: unknown = JSON.parse(body);
    return isFields(parsed) ? parsed : {};
  } catch {
    return {};
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
