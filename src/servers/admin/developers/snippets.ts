/** A first message in the languages that there are clients for, with this deployment's address and a template of the service. */

export const KEY_VARIABLE = "PENNYPOST_API_KEY";

export interface Sample {
  /** Where the API is reached. */
  origin: string;
  templateId: string;
  channel: "sms" | "email";
  /** The template's placeholders. */
  names: readonly string[];
}

export interface Snippet {
  /** The language, and the client's package. */
  title: string;
  code: string;
}

/** Numbers and addresses that belong to nobody: Ofcom's range for drama, and RFC 2606. */
const RECIPIENTS = { sms: "07700 900123", email: "amala@example.org" } as const;
const EXAMPLE_VALUE = "example";
/** Names that mean nothing special in any of the languages. */
const PLAIN_NAME = /^[\p{L}\p{N}_ -]+$/u;

export function snippetsOf(sample: Sample): Snippet[] {
  const plain = { ...sample, names: sample.names.filter((name) => PLAIN_NAME.test(name)) };
  return [
    { title: "curl", code: curl(plain) },
    { title: "TypeScript: @pennypost/client", code: typescript(plain) },
    { title: "JavaScript: notifications-node-client", code: javascript(plain) },
    { title: "Python: notifications-python-client", code: python(plain) },
    { title: "PHP: alphagov/notifications-php-client", code: php(plain) },
    { title: "Java: notifications-java-client", code: java(plain) },
    { title: "Ruby: notifications-ruby-client", code: ruby(plain) },
    { title: ".NET: GovukNotify", code: dotnet(plain) },
  ];
}

function curl({ origin, templateId, channel, names }: Sample): string {
  const field = channel === "sms" ? "phone_number" : "email_address";
  const body = { [field]: RECIPIENTS[channel], template_id: templateId, personalisation: valuesOf(names) };
  return `curl ${origin}/v2/notifications/${channel} \\
  --header "Authorization: Bearer $${KEY_VARIABLE}" \\
  --data '${JSON.stringify(body, null, 2).replaceAll("\n", "\n  ")}'`;
}

function typescript(sample: Sample): string {
  return `import { PennypostClient } from "@pennypost/client";

const client = new PennypostClient("${sample.origin}", process.env.${KEY_VARIABLE});
${callInJavaScript(sample, "const { id } = ")}`;
}

function javascript(sample: Sample): string {
  return `import { NotifyClient } from "notifications-node-client";

const client = new NotifyClient("${sample.origin}", process.env.${KEY_VARIABLE});
${callInJavaScript(sample, "const { data } = ")}`;
}

function callInJavaScript({ templateId, channel, names }: Sample, assigned: string): string {
  const method = channel === "sms" ? "sendSms" : "sendEmail";
  return `${assigned}await client.${method}("${templateId}", "${RECIPIENTS[channel]}", {
  personalisation: ${JSON.stringify(valuesOf(names))},
});`;
}

function python({ origin, templateId, channel, names }: Sample): string {
  const field = channel === "sms" ? "phone_number" : "email_address";
  return `import os
from notifications_python_client.notifications import NotificationsAPIClient

client = NotificationsAPIClient(os.environ["${KEY_VARIABLE}"], base_url="${origin}")
response = client.send_${channel}_notification(
    ${field}="${RECIPIENTS[channel]}",
    template_id="${templateId}",
    personalisation=${JSON.stringify(valuesOf(names))},
)`;
}

function php({ origin, templateId, channel, names }: Sample): string {
  const method = channel === "sms" ? "sendSms" : "sendEmail";
  const pairs = names.map((name) => `'${name}' => '${EXAMPLE_VALUE}'`);
  return `$client = new \\Alphagov\\Notifications\\Client([
    'apiKey' => getenv('${KEY_VARIABLE}'),
    'baseUrl' => '${origin}',
    'httpClient' => new \\Http\\Adapter\\Guzzle7\\Client,
]);
$response = $client->${method}('${RECIPIENTS[channel]}', '${templateId}', [${pairs.join(", ")}]);`;
}

function java({ origin, templateId, channel, names }: Sample): string {
  const method = channel === "sms" ? "sendSms" : "sendEmail";
  const pairs = names.map((name) => `"${name}", "${EXAMPLE_VALUE}"`);
  return `var client = new NotificationClient(System.getenv("${KEY_VARIABLE}"), "${origin}");
var response = client.${method}("${templateId}", "${RECIPIENTS[channel]}", Map.of(${pairs.join(", ")}), null);`;
}

function ruby({ origin, templateId, channel, names }: Sample): string {
  const field = channel === "sms" ? "phone_number" : "email_address";
  const pairs = names.map((name) => `"${name}" => "${EXAMPLE_VALUE}"`);
  return `require "notifications/client"

client = Notifications::Client.new(ENV["${KEY_VARIABLE}"], "${origin}")
response = client.send_${channel}(
  ${field}: "${RECIPIENTS[channel]}",
  template_id: "${templateId}",
  personalisation: { ${pairs.join(", ")} }
)`;
}

function dotnet({ origin, templateId, channel, names }: Sample): string {
  const method = channel === "sms" ? "SendSms" : "SendEmail";
  const pairs = names.map((name) => `{ "${name}", "${EXAMPLE_VALUE}" }`);
  return `using Notify.Client;

var client = new NotificationClient("${origin}", Environment.GetEnvironmentVariable("${KEY_VARIABLE}"));
var personalisation = new Dictionary<string, dynamic> { ${pairs.join(", ")} };
var response = client.${method}("${RECIPIENTS[channel]}", "${templateId}", personalisation);`;
}

function valuesOf(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, EXAMPLE_VALUE]));
}
