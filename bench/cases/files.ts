/**
 * An email with a file of two megabytes, one at a time: from the request until the answer says that file and message are kept. Nobody
 * scans it: clamd's time is clamd's. The recipient's address is asked for, as usual, so its hashing is in the time.
 */
import { randomBytes, randomUUID } from "node:crypto";
import { applyDeclaration } from "../../src/cli/apply/apply.ts";
import { readDeclaration } from "../../src/cli/apply/declaration.ts";
import { parseFile } from "../../src/cli/apply/parse-file.ts";
import { percentile } from "../measure/statistics.ts";
import { startProduct } from "../product.ts";
import type { Site } from "../site.ts";

const FILE_BYTES = 2 * 1024 * 1024;
const WARM_UP_REQUESTS = 5;
const REQUESTS = 40;
const HEAD = Buffer.from("%PDF-1.7\n%\u00e2\u00e3\u00cf\u00d3\n", "latin1");

export interface FilesRun {
  requests: number;
  p50Ms: number;
  p99Ms: number;
}

export async function measureFiles(site: Site): Promise<FilesRun> {
  const send = await makeSender(site);
  const environment = { ...site.environment, PENNYPOST_UNSCANNED_FILES: "accept" };
  const product = await startProduct({ ...site, environment }, "web");
  try {
    for (let n = 0; n < WARM_UP_REQUESTS; n += 1) await send();
    const times: number[] = [];
    for (let n = 0; n < REQUESTS; n += 1) times.push(await send());
    return { requests: REQUESTS, p50Ms: percentile(times, 0.5), p99Ms: percentile(times, 0.99) };
  } finally {
    await product.stop();
  }
}

/** Sends one, and says how many milliseconds that took. */
async function makeSender({ installation, ports }: Site): Promise<() => Promise<number>> {
  const [serviceId, secret, templateId] = [randomUUID(), randomUUID(), randomUUID()];
  const declaration = readDeclaration(
    parseFile(declarationOf({ serviceId, secret, templateId }), { name: "files.yaml", environment: {} }),
  );
  const options = { declaration, actor: "bench", prunes: false, isDryRun: false };
  await applyDeclaration(installation.db, installation.keys, options);
  const url = `http://127.0.0.1:${ports.web}/v2/notifications/email`;
  const headers = { Authorization: `Bearer bench-${serviceId}-${secret}`, "Content-Type": "application/json" };
  return async () => {
    const file = Buffer.concat([HEAD, randomBytes(FILE_BYTES - HEAD.length)]).toString("base64");
    const link = { file, filename: "report.pdf" };
    const message = { email_address: "ada@example.org", template_id: templateId, personalisation: { link } };
    const body = JSON.stringify(message);
    const startedAtMs = performance.now();
    const response = await fetch(url, { method: "POST", headers, body });
    const answer = await response.text();
    if (response.status !== 201) throw new Error(`a file was answered with ${response.status}: ${answer}`);
    return performance.now() - startedAtMs;
  };
}

function declarationOf({ serviceId, secret, templateId }: { serviceId: string; secret: string; templateId: string }) {
  return `
services:
  - id: ${serviceId}
    name: Example Library ${serviceId}
    live: true
    permissions: [email]
    files_contact: help@example.org
    keys: [{ name: bench, kind: live, secret: ${secret} }]
    templates:
      - { id: ${templateId}, channel: email, name: Report, subject: Your report, body: "Download it: ((link))" }
`;
}
