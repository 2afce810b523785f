/** A chat message as a gateway is given it (docs/chat.md, "A gateway of your own"). */

export interface ChatDelivery {
  id: string;
  app: string;
  /** A number, an id, or the address of a browser's push subscription. */
  to: string;
  /** Who wrote it. */
  title: string;
  text: string;
  reportUrl: string | undefined;
}

/** Undefined for anything else. */
export function readChat(body: string): ChatDelivery | undefined {
  const json = parsed(body);
  const text = (name: string): string | undefined => (typeof json?.[name] === "string" ? json[name] : undefined);
  const [id, app, to, title] = ["id", "app", "to", "title"].map(text);
  const words = text("text");
  if (id === undefined || app === undefined || to === undefined || words === undefined) return undefined;
  return { id, app, to: endpointIn(to) ?? to, title: title ?? "", text: words, reportUrl: text("report_url") };
}

/** A push subscription comes whole; its keys are nothing to look at. */
function endpointIn(to: string): string | undefined {
  const endpoint = to.startsWith("{") ? parsed(to)?.["endpoint"] : undefined;
  return typeof endpoint === "string" ? endpoint : undefined;
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === "object" && json !== null && !Array.isArray(json)
      ? (json as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
