/** The worker role: hands notifications over, takes receipts and replies, tells services, keeps the house. */
import type { Config } from "../config.ts";
import { startAlertPosts } from "../flow/alerts/alert-posts.ts";
import type { App } from "../flow/app.ts";
import { startCallbackWorker } from "../flow/callback/callback-worker.ts";
import { startGroupSends } from "../flow/contacts/group-send-worker.ts";
import { type Dispatcher, type DispatchOptions, startDispatch } from "../flow/dispatch/dispatcher.ts";
import { type Fleet, startFleet } from "../flow/dispatch/fleet.ts";
import { createRecorder } from "../flow/dispatch/recorder.ts";
import { startCanaries } from "../flow/health/canaries.ts";
import { type HealthWatch, watchHealth } from "../flow/health/health-watch.ts";
import { receiveText } from "../flow/inbound/receive-text.ts";
import type { Intake } from "../flow/intake/accept.ts";
import { createIntake } from "../flow/intake/create-intake.ts";
import { takeLetterReports } from "../flow/letters/take-reports.ts";
import { startReaches } from "../flow/reach/reach-worker.ts";
import { takeComplaint } from "../flow/receipt/complaints.ts";
import { startEarlyReceipts } from "../flow/receipt/early-receipts.ts";
import { createReceipts, type Receipts } from "../flow/receipt/receipts.ts";
import { startReplies } from "../flow/replies/reply-worker.ts";
import { startUpkeep } from "../flow/upkeep/upkeep.ts";
import { startFallbacks } from "../flow/verification/fallback-worker.ts";
import type { Receipt } from "../providers/provider.ts";
import { startBounceServer } from "../servers/reports/bounces/bounce-server.ts";
import { startLetterWorks } from "./letter-works.ts";
import { makeProvider } from "./make-provider.ts";
import { portProblem } from "./port-problem.ts";
import type { Role } from "./web.ts";
import { bounceSecretOf, createWorkshop } from "./workshop.ts";

/** Bounces are taken in whichever process has room for them: they name their notification themselves. */
const BOUNCES = "bounces";

export async function startWorker(base: App, config: Config): Promise<Role> {
  const callbackWorker: { wake: () => void } = { wake: () => {} };
  const app: App = { ...base, wakeCallbacks: () => callbackWorker.wake() };
  const workshop = createWorkshop(app, config);
  const recorder = createRecorder(app);
  const callbacks = await startCallbackWorker({ app, outbound: workshop.outbound });
  callbackWorker.wake = () => callbacks.wake();
  const receipts = createReceipts(app, { recorder, callbacks });
  const dispatchers: Dispatcher[] = [];
  const routeAgain = () => {
    for (const dispatcher of dispatchers) dispatcher.routeAgain();
  };
  const health = watchHealth({ app, onChange: routeAgain });
  const ships: { fleet?: Fleet } = {};
  const canaries = startCanaries({ app, health, fleet: () => ships.fleet });
  const fleet = await startFleet({
    app,
    onConfigured: (records) => {
      health.follow(records);
      canaries.follow(records);
    },
    makeProvider: (record) => makeProvider(workshop, record),
    eventsFor: (provider) => eventsOf(app, { receipts, health }, provider),
    onAvailability: routeAgain,
  });
  ships.fleet = fleet;
  const bounces = await startBounces(app, receipts, config);
  const earlyReceipts = await startEarlyReceipts(app, receipts);
  const intake = createIntake(app);
  const senders = await startSenders(intake);
  const alertPosts = await startAlertPosts({ app, outbound: workshop.outbound });
  const letterWorks = await startLetterWorks(app, fleet);
  const upkeep = await startUpkeep(app);
  dispatchers.push(...(await startDispatchers({ app, fleet, health, recorder })));
  return {
    stop: async () => {
      await Promise.all([...dispatchers.map((dispatcher) => dispatcher.stop()), canaries.stop(), letterWorks.stop()]);
      await Promise.all([fleet.stop(), health.stop(), bounces.stop(), upkeep.stop()]);
      await Promise.all([earlyReceipts.stop(), senders.stop(), alertPosts.stop()]);
      await receipts.idle();
      await app.quality.flush();
      await app.floods.flush();
      await callbacks.stop();
      await workshop.outbound.close();
    },
  };
}

/** What makes messages of its own accord: a code by email, the next step of a reach, an answer, one message for a whole group. */
async function startSenders(intake: Intake): Promise<{ stop(): Promise<void> }> {
  const consumers = [
    await startFallbacks(intake),
    await startReaches(intake),
    await startReplies(intake),
    await startGroupSends(intake),
  ];
  return {
    stop: async () => {
      await Promise.all(consumers.map((consumer) => consumer.stop()));
    },
  };
}

function startDispatchers(parts: Omit<DispatchOptions, "channel">): Promise<Dispatcher[]> {
  const channels = ["sms", "email", "chat"] as const;
  return Promise.all(channels.map((channel) => startDispatch({ ...parts, channel })));
}

function eventsOf(app: App, { receipts, health }: { receipts: Receipts; health: HealthWatch }, provider: string) {
  return {
    receipt: (receipt: Receipt) => {
      health.receipt(provider, receipt);
      return receipts.take({ provider, receipt });
    },
    inbound: (text: Parameters<typeof receiveText>[2]) => receiveText(app, provider, text),
    complaint: (complaint: Parameters<typeof takeComplaint>[1]) => takeComplaint(app, complaint),
    letterReports: async (reports: Parameters<typeof takeLetterReports>[2]) => {
      await takeLetterReports(app, provider, reports);
    },
  };
}

async function startBounces(app: App, receipts: Receipts, config: Config) {
  try {
    return await startBounceServer({
      host: config.host,
      port: config.ports.bounces,
      name: app.emailDomain,
      verpSecret: bounceSecretOf(app),
      log: app.log,
      onReport: (report) =>
        report.kind === "receipt"
          ? receipts.take({ provider: BOUNCES, receipt: report.receipt })
          : takeComplaint(app, report.complaint),
    });
  } catch (error) {
    throw portProblem(error, { port: config.ports.bounces, setting: "PENNYPOST_BOUNCE_PORT" });
  }
}
