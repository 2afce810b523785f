/** Requests to send one text: to Pennypost in the words of Notify's API, to Kannel in those of its sendsms. */
import { createHmac } from "node:crypto";

const MS_PER_SECOND = 1_000;
/** Numbers that are nobody's (Ofcom keeps 07700 900000 to 900999 for drama), without those that mean something to Notify's API. */
const NUMBER_FIRST = 300;
const NUMBERS = 700;

export interface NotifyTarget {
  kind: "notify";
  port: number;
  serviceId: string;
  secret: string;
  templateId: string;
  priority?: "high" | "low";
}

export interface KannelTarget {
  kind: "kannel";
  port: number;
  username: string;
  password: string;
  /** Where the callback goes; the message's token is added to it. */
  callbackUrl: string;
}

export type Target = NotifyTarget | KannelTarget;

/** Makes requests, each with a token of its own that its message, its callback and its record carry. */
export type MakeRequest = (token: string) => string;

export function requestsFor(target: Target): MakeRequest {
  return target.kind === "notify" ? notifyRequests(target) : kannelRequests(target);
}

/** What Pennypost makes of its template; Kannel is given it in full. */
function textOf(token: string): string {
  return `Example Council: Your appointment is on Tuesday at 10:30. Reference ${token}`;
}

/** As clients of Notify's API do, the token is signed anew for each second of its `iat`. */
function notifyRequests({ port, serviceId, secret, templateId, priority }: NotifyTarget): MakeRequest {
  const lane = priority === undefined ? "" : `,"priority":"${priority}"`;
  let second = 0;
  let head = "";
  return (token) => {
    const now = Math.floor(Date.now() / MS_PER_SECOND);
    if (now !== second) {
      second = now;
      head = notifyHead(port, bearerToken(serviceId, secret, now));
    }
    const body = `{"phone_number":"07700900${numberOf(token)}","template_id":"${templateId}","personalisation":{"day":"Tuesday","token":"${token}"},"reference":"${token}"${lane}}`;
    return `${head}${body.length}\r\n\r\n${body}`;
  };
}

function notifyHead(port: number, bearer: string): string {
  const lines = [
    "POST /v2/notifications/sms HTTP/1.1",
    `Host: 127.0.0.1:${port}`,
    `Authorization: Bearer ${bearer}`,
    "User-Agent: NOTIFY-API-NODE-CLIENT/8.4.0",
    "Content-Type: application/json",
    "Content-Length: ",
  ];
  return lines.join("\r\n");
}

/** A JSON Web Token (RFC 7519) signed with HMAC-SHA-256. */
function bearerToken(serviceId: string, secret: string, issuedAtSeconds: number): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = `${part({ typ: "JWT", alg: "HS256" })}.${part({ iss: serviceId, iat: issuedAtSeconds })}`;
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}

function kannelRequests({ port, username, password, callbackUrl }: KannelTarget): MakeRequest {
  const tail = ` HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUser-Agent: bench\r\n\r\n`;
  const start = `GET /cgi-bin/sendsms?username=${username}&password=${password}&from=Pennypost&dlr-mask=3`;
  return (token) => {
    const text = encodeURIComponent(textOf(token));
    const callback = encodeURIComponent(`${callbackUrl}?id=${token}&status=%d`);
    return `${start}&to=447700900${numberOf(token)}&text=${text}&dlr-url=${callback}${tail}`;
  };
}

/** The token's number at its end spreads messages over the recipients. */
function numberOf(token: string): number {
  return NUMBER_FIRST + (Number(token.slice(token.lastIndexOf("-") + 1)) % NUMBERS);
}
