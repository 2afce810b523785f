/** A chat provider made from its record, and what reads its reports. */
import type { ChatApp } from "../core/chat/chat-app.ts";
import { CannotStart } from "../platform/cannot-start.ts";
import { chatProvider } from "../providers/chat/chat-provider.ts";
import type { ChatSupplier } from "../providers/chat/chat-supplier.ts";
import { gateway } from "../providers/chat/gateway.ts";
import { telegram } from "../providers/chat/telegram.ts";
import { viber } from "../providers/chat/viber.ts";
import { webPushSupplier } from "../providers/chat/web-push.ts";
import { whatsapp } from "../providers/chat/whatsapp.ts";
import type { ChatProvider, ChatReports } from "../providers/provider.ts";
import type { ProviderRecord } from "../records/providers/provider-store.ts";
import type { Workshop } from "./workshop.ts";

/** As they were checked when they were kept. */
interface ChatSettings {
  windowSize?: number;
  timeoutMs?: number;
  /** For whom is what comes from people nobody has written to. */
  serviceId?: string;
  baseUrl?: string;
  phoneNumberId?: string;
  senderName?: string;
  subject?: string;
  publicKey?: string;
  url?: string;
  apps?: readonly ChatApp[];
}

export function makeChat(workshop: Workshop, record: ProviderRecord): ChatProvider {
  const { windowSize, timeoutMs } = record.settings as ChatSettings;
  const { app, outbound } = workshop;
  return chatProvider(
    { outbound, clock: app.clock, log: app.log },
    {
      ...{ name: record.name, windowSize, timeoutMs },
      supplier: supplierOf(workshop, record),
      webhookUrl: reportUrlOf(workshop, record),
    },
  );
}

/** Undefined for what never reports. */
export function makeChatReports(
  workshop: Workshop,
  record: ProviderRecord,
): (ChatReports & { serviceId: string | undefined }) | undefined {
  const { reports } = supplierOf(workshop, record);
  const { serviceId } = record.settings as ChatSettings;
  return reports && { ...reports, serviceId };
}

function supplierOf(workshop: Workshop, record: ProviderRecord): ChatSupplier {
  const { kind, secrets } = record;
  const settings = record.settings as ChatSettings;
  const { baseUrl, phoneNumberId = "", senderName, url = "", apps = [], subject = "", publicKey = "" } = settings;
  const secret = (name: string): string => secrets[name] ?? "";
  switch (kind) {
    case "whatsapp": {
      const [accessToken, appSecret, verifyToken] = [secret("accessToken"), secret("appSecret"), secret("verifyToken")];
      return whatsapp({ phoneNumberId, baseUrl, accessToken, appSecret, verifyToken });
    }
    case "telegram":
      return telegram({ baseUrl, token: secret("token"), webhookSecret: secret("webhookSecret") });
    case "viber":
      return viber({ baseUrl, senderName, token: secret("token") });
    case "chat-gateway":
      return gateway({ url, apps, token: secret("token"), reportUrl: reportUrlOf(workshop, record) });
    case "web-push":
      return webPushSupplier({ subject, publicKey, privateKey: secret("privateKey") });
    default:
      throw new CannotStart(`Provider "${record.name}": ${kind} is no chat app`);
  }
}

/** An app elsewhere can report only where this installation is reached; the sandbox's is on this machine. */
function reportUrlOf({ app, ownOrigin }: Workshop, { name, isSandbox }: ProviderRecord): string | undefined {
  const origin = isSandbox ? ownOrigin : app.origins.api;
  return origin === undefined ? undefined : `${origin}/notifications/chat/${name}`;
}
