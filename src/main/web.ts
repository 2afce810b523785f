/** The web role: everything that is asked of us over HTTP, on one origin. */
import Fastify, { type FastifyInstance } from "fastify";
import type { Config } from "../config.ts";
import { LETTER_GEOMETRY } from "../core/letter/page-geometry.ts";
import type { App } from "../flow/app.ts";
import { createIntake } from "../flow/intake/create-intake.ts";
import { watchApi } from "../flow/keys/api-watch.ts";
import { createLetterPreviews } from "../flow/letters/preview-letter.ts";
import { openLetterTypesetter } from "../platform/pdf/letter-typesetter.ts";
import { openPdfInspector } from "../platform/pdf/pdf-inspector.ts";
import { registerAdmin } from "../servers/admin/register-admin.ts";
import { registerApi } from "../servers/api/register-api.ts";
import { registerDocuments } from "../servers/downloads/documents.ts";
import { registerUnsubscribe } from "../servers/downloads/unsubscribe.ts";
import { registerLetterStatus } from "../servers/reports/letter-status.ts";
import { networkLookupOf } from "./make-network-lookup.ts";
import { portProblem } from "./port-problem.ts";
import { createSupplierReports } from "./supplier-reports.ts";
import { createWorkshop } from "./workshop.ts";

const KEEP_ALIVE_MS = 65_000;
const REQUEST_TIMEOUT_MS = 30_000;
const HEADERS_MAX_BYTES = 32 * 1024;

export interface Role {
  stop(): Promise<void>;
}

export async function startWeb(app: App, config: Config): Promise<Role> {
  const server = createServer(config);
  const workshop = createWorkshop(app, config);
  const reports = createSupplierReports(workshop);
  const intake = createIntake({ ...app, networkLookup: networkLookupOf(app, workshop.outbound) });
  const watch = watchApi(app);
  registerApi(server, { intake, watch });
  const tools = { typesetter: openLetterTypesetter({ geometry: LETTER_GEOMETRY }), inspector: openPdfInspector() };
  const letters = createLetterPreviews(app, tools);
  registerAdmin(server, { app: intake, outbound: workshop.outbound, letters });
  registerUnsubscribe(server, { app });
  registerDocuments(server, { app });
  reports.register(server);
  registerLetterStatus(server, { app });
  await listen(server, config);
  return {
    stop: async () => {
      await server.close();
      await Promise.all([tools.typesetter.close(), tools.inspector.close()]);
      await watch.stop();
      await reports.stop();
      await app.quality.flush();
      await workshop.outbound.close();
    },
  };
}

function createServer(config: Config): FastifyInstance {
  return Fastify({
    trustProxy: config.trustedProxies.length > 0 ? [...config.trustedProxies] : false,
    keepAliveTimeout: KEEP_ALIVE_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    http: { maxHeaderSize: HEADERS_MAX_BYTES },
    forceCloseConnections: "idle",
    routerOptions: { ignoreTrailingSlash: false, caseSensitive: true },
  });
}

async function listen(server: FastifyInstance, config: Config): Promise<void> {
  try {
    await server.listen({ host: config.host, port: config.ports.web });
  } catch (error) {
    throw portProblem(error, { port: config.ports.web, setting: "PENNYPOST_PORT" });
  }
}
