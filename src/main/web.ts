/** The web role: everything that is asked of us over HTTP, on one origin. */

import { Server as HttpsServer } from "node:https";
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
import { registerConnections } from "../servers/connections/register-connections.ts";
import { registerDocuments } from "../servers/downloads/documents.ts";
import { registerUnsubscribe } from "../servers/downloads/unsubscribe.ts";
import { registerLetterStatus } from "../servers/reports/letter-status.ts";
import { networkLookupOf } from "./make-network-lookup.ts";
import { portProblem } from "./port-problem.ts";
import { type Pem, readTls, watchTls } from "./read-tls.ts";
import { createSupplierReports } from "./supplier-reports.ts";
import { createWorkshop } from "./workshop.ts";

const KEEP_ALIVE_MS = 65_000;
const REQUEST_TIMEOUT_MS = 30_000;
const HEADERS_MAX_BYTES = 32 * 1024;
const TLS_VERSION_MIN = "TLSv1.2";

export interface Role {
  stop(): Promise<void>;
}

export async function startWeb(app: App, config: Config): Promise<Role> {
  const pem = config.tls && (await readTls("PENNYPOST", config.tls));
  const server = createServer(config, pem);
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
  registerConnections(server, { intake });
  reports.register(server);
  registerLetterStatus(server, { app });
  await listen(server, config);
  const endWatch = renewals(server, app, config);
  return {
    stop: async () => {
      endWatch();
      await server.close();
      await Promise.all([tools.typesetter.close(), tools.inspector.close()]);
      await watch.stop();
      await reports.stop();
      await app.quality.flush();
      await app.floods.flush();
      await workshop.outbound.close();
    },
  };
}

function createServer(config: Config, pem: Pem | undefined): FastifyInstance {
  const settings = {
    trustProxy: config.trustedProxies.length > 0 ? [...config.trustedProxies] : false,
    keepAliveTimeout: KEEP_ALIVE_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: "idle",
    routerOptions: { ignoreTrailingSlash: false, caseSensitive: true },
  } as const;
  const http = { maxHeaderSize: HEADERS_MAX_BYTES };
  if (!pem) return Fastify({ ...settings, http });
  // Nobody below asks which of the two it is.
  return Fastify({
    ...settings,
    https: { ...http, ...pem, minVersion: TLS_VERSION_MIN },
  }) as unknown as FastifyInstance;
}

function renewals({ server }: FastifyInstance, { log }: App, { tls }: Config): () => void {
  if (!tls) return () => undefined;
  return watchTls({ prefix: "PENNYPOST", tls, log }, (pem) => {
    if (server instanceof HttpsServer) server.setSecureContext({ ...pem, minVersion: TLS_VERSION_MIN });
  });
}

async function listen(server: FastifyInstance, config: Config): Promise<void> {
  try {
    await server.listen({ host: config.host, port: config.ports.web });
  } catch (error) {
    throw portProblem(error, { port: config.ports.web, setting: "PENNYPOST_PORT" });
  }
}
