/** The numbers of a dashboard as its page shows them, each with the way to the messages it counts. */
import {
  type Dashboard,
  type FailureReason,
  failureShareOf,
  type TemplateCounts,
  totalOf,
} from "../../../flow/statistics/read-dashboard.ts";
import type { Channel, Service } from "../../../records/services/service.ts";
import type { TextKey } from "../catalogue/text.ts";
import type { ServiceVisit } from "../http/visit.ts";
import type { NamedTemplate } from "../templates/template-names.ts";

const TEMPLATES_SHOWN_MAX = 20;
const REASONS_SHOWN_MAX = 12;

const CHANNELS = ["email", "sms", "letter", "chat"] as const;

export interface Counter {
  channel: Channel;
  total: number;
  sending: number;
  delivered: number;
  failed: number;
  share: number;
  isFailing: boolean;
  urls: { all: string; sending: string; delivered: string; failed: string };
}

export interface TemplateRow extends NamedTemplate {
  channel: string;
  total: number;
  delivered: number;
  failed: number;
  share: number;
  isFailing: boolean;
  failedUrl: string;
}

export interface ReasonRow {
  reason: string;
  channel: string;
  /** The carrier's own; may be empty. */
  code: string;
  messages: number;
  share: number;
  url: string;
}

export interface Figures {
  counters: readonly Counter[];
  failing: readonly TemplateRow[];
  templates: readonly TemplateRow[];
  moreTemplates: number;
  reasons: readonly ReasonRow[];
  isEmpty: boolean;
  /** The share of failures that is worth a look. */
  failingFrom: number;
}

/** The share of failures, 0 to 1, above which the service wants a template, or a channel, to be looked at. */
export function failingShareOf({ failingPercent }: Pick<Service, "failingPercent">): number {
  return failingPercent / 100;
}

export function presentFigures(
  visit: ServiceVisit,
  dashboard: Dashboard,
  named: (id: string) => NamedTemplate,
): Figures {
  const { byTemplate, failingTemplates } = dashboard;
  const rowOf = ({ templateId, ...counted }: TemplateCounts) => ({
    ...templateRow(visit, counted),
    ...named(templateId),
    failedUrl: messagesUrl(visit, dashboard, { template: templateId, status: "failed" }),
  });
  return {
    counters: counters(visit, dashboard),
    failing: failingTemplates.slice(0, TEMPLATES_SHOWN_MAX).map(rowOf),
    templates: byTemplate.slice(0, TEMPLATES_SHOWN_MAX).map(rowOf),
    moreTemplates: Math.max(0, byTemplate.length - TEMPLATES_SHOWN_MAX),
    reasons: reasonRows(visit, dashboard),
    isEmpty: byTemplate.length === 0,
    failingFrom: failingShareOf(visit.service),
  };
}

/** Of the channels that the service has, and of those that it had. */
function counters(visit: ServiceVisit, dashboard: Dashboard): Counter[] {
  const { byChannel } = dashboard;
  const shown = CHANNELS.filter((channel) => visit.service.permissions.has(channel) || totalOf(byChannel[channel]) > 0);
  return shown.map((channel) => {
    const { sending, delivered, failed } = byChannel[channel];
    const share = failureShareOf(byChannel[channel]);
    const linkTo = (status: string) => messagesUrl(visit, dashboard, { channel, status });
    return {
      channel,
      total: totalOf(byChannel[channel]),
      sending,
      delivered,
      failed,
      share,
      isFailing: share > failingShareOf(visit.service),
      urls: {
        all: messagesUrl(visit, dashboard, { channel }),
        sending: linkTo("sending"),
        delivered: linkTo("delivered"),
        failed: linkTo("failed"),
      },
    };
  });
}

function templateRow(
  { text, service }: ServiceVisit,
  { channel, counts, total, failureShare }: Omit<TemplateCounts, "templateId">,
): Omit<TemplateRow, "name" | "url" | "failedUrl"> {
  return {
    channel: text(`dashboard.channel.${channel}`),
    total,
    delivered: counts.delivered,
    failed: counts.failed,
    share: failureShare,
    isFailing: failureShare > failingShareOf(service),
  };
}

function reasonRows(visit: ServiceVisit, dashboard: Dashboard): ReasonRow[] {
  const { text } = visit;
  const reasons = dashboard.byReason;
  const failed = reasons.reduce((sum, { messages }) => sum + messages, 0);
  return reasons.slice(0, REASONS_SHOWN_MAX).map(({ channel, status, code, messages }) => ({
    reason: text(reasonKey(channel, status)),
    channel: text(`dashboard.channel.${channel}`),
    code,
    messages,
    share: messages / failed,
    url: messagesUrl(visit, dashboard, { channel, status: "failed", ...(code === "" ? {} : { code }) }),
  }));
}

type ReasonKey = Extract<TextKey, `dashboard.reason.${string}`>;

/** What a failure means, in the words of its channel. */
function reasonKey(channel: FailureReason["channel"], status: FailureReason["status"]): ReasonKey {
  if (status === "permanent-failure") return `dashboard.reason.permanent-failure.${channel}`;
  if (status === "temporary-failure") return `dashboard.reason.temporary-failure.${channel}`;
  if (status === "validation-failed") return "dashboard.reason.validation-failed";
  if (status === "virus-scan-failed") return "dashboard.reason.virus-scan-failed";
  return "dashboard.reason.technical-failure";
}

/** The messages that a number counts, of the days it counts them in. */
function messagesUrl({ service }: ServiceVisit, { days }: Dashboard, facets: Record<string, string>): string {
  const query = new URLSearchParams({ ...facets, from: days.first, to: days.last });
  return `/services/${service.id}/messages?${query}`;
}
