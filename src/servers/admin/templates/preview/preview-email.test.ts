import { describe, expect, it } from "vitest";
import { EMAIL_VIEWS, type EmailToPreview, previewEmail } from "./preview-email.ts";

const email: EmailToPreview = {
  subject: "Your card, ((name))",
  body: "# Hello ((name))\n\nCollect it on ((day)).",
  hasUnsubscribeLink: false,
  examples: [{ name: "day", value: "Monday" }],
  sender: { name: "Libraries & <Museums>", address: "libraries@example.gov.uk" },
  brand: undefined,
};

describe.each(EMAIL_VIEWS)("the preview of an email, %s", (view) => {
  const shown = (change: Partial<EmailToPreview> = {}) => previewEmail({ ...email, ...change }, view);

  it("shows sender, subject and words, with what has no value marked", () => {
    expect(shown()).toContain("Libraries &amp; &lt;Museums&gt; &lt;libraries@example.gov.uk&gt;");
    expect(shown()).toContain('<h1 class="pp-subject">Your card, <mark>((name))</mark></h1>');
    expect(shown()).toContain("Collect it on Monday.");
    expect(shown()).toMatch(/<(mark|span class='placeholder')>(\(\(|&#40;&#40;)name/);
  });

  it("has no tag that somebody typed", () => {
    const body = '<script>alert(1)</script> <img src="x" onerror="y"> </style>';
    const typed = { body, subject: "<b>((x))</b>", examples: [{ name: "x", value: "<i>" }] };
    expect(shown(typed)).not.toMatch(/<(script|img|b|i)[ >]/);
    expect(shown(typed).match(/<\/style>/g)?.length).toBe(view === "plain" ? 1 : 2);
  });

  it("ends with the link to unsubscribe only where the template has one", () => {
    expect(shown()).not.toContain("Unsubscribe");
    expect(shown({ hasUnsubscribeLink: true })).toContain("Unsubscribe");
  });
});

describe("the theme of a preview", () => {
  it("is the one asked for, whatever the reader's own", () => {
    expect(previewEmail(email, "dark")).toContain("@media all {");
    expect(previewEmail(email, "light")).toContain("@media not all {");
    for (const view of EMAIL_VIEWS) expect(previewEmail(email, view)).not.toContain("prefers-color-scheme");
  });
});
