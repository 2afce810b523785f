import { describe, expect, it } from "vitest";
import { renderEmailDocument } from "./email-document.ts";

const email = { subject: "Tea & <cake>", preheader: "First words", html: "<p>Hello</p>", language: "cy" };

describe("an email as a document", () => {
  it("says its language, its subject and that it can be dark", () => {
    const document = renderEmailDocument(email);
    expect(document).toMatch(/^<!DOCTYPE html>\n<html lang="cy">/);
    expect(document).toContain("<title>Tea &amp; &lt;cake&gt;</title>");
    expect(document).toContain('<meta name="color-scheme" content="light dark">');
  });

  it("hides the preheader above the message", () => {
    const document = renderEmailDocument(email);
    expect(document.indexOf("First words")).toBeLessThan(document.indexOf("<p>Hello</p>"));
    expect(document).toMatch(/<div style="display: none;[^"]*">First words/);
    expect(renderEmailDocument({ ...email, preheader: "" })).not.toContain("display: none");
  });

  it("shows who sent it when told, as text", () => {
    expect(renderEmailDocument({ ...email, senderName: "A <b>" })).toContain(">A &lt;b&gt;</td>");
  });

  const logo = { src: "cid:logo@town", width: 800, height: 216, alternativeText: 'Town & "Park"' };

  it("begins with the logo, at the size it is shown, on its banner", () => {
    const brand = { ...logo, style: "banner" } as const;
    const document = renderEmailDocument({ ...email, brand: { ...brand, colour: "#00573f" } });
    expect(document).toContain('<img src="cid:logo@town" width="200" height="54" alt="Town &amp; &quot;Park&quot;"');
    expect(document).toMatch(/bgcolor="#00573f" style="[^"]*background: #00573f;[^"]*color: #ffffff;/);
    expect(document.indexOf("<img")).toBeLessThan(document.indexOf("<p>Hello</p>"));
    expect(renderEmailDocument({ ...email, brand })).toMatch(/bgcolor="#ffffff" style="[^"]*color: #0b0c0c;/);
    expect(renderEmailDocument(email)).not.toMatch(/<img|bgcolor/);
  });

  it("begins with the logo on white, with a bar at its left", () => {
    const document = renderEmailDocument({ ...email, brand: { ...logo, style: "bar", colour: "#00573f" } });
    expect(document).toMatch(/bgcolor="#ffffff".*border-left: 4px solid #00573f;[^"]*color: #0b0c0c;[^"]*"><img /);
    expect(renderEmailDocument({ ...email, brand: { ...logo, style: "bar" } })).not.toContain("border-left");
  });

  it("fetches nothing", () => {
    expect(renderEmailDocument(email)).not.toMatch(/src=|url\(|<link|@import|https?:/);
  });

  it("cannot be broken out of by a language", () => {
    expect(renderEmailDocument({ ...email, language: '"><script>' })).not.toContain("<script>");
  });
});
