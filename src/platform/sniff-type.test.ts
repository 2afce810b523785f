import { describe, expect, it } from "vitest";
import { CSV, DOCM, DOCX, ELF, EXE, GIF, JPEG, ODT, oldOffice, PDF, PNG, XLSX, zip } from "../../test/support/files.ts";
import { sniffType } from "./sniff-type.ts";

const OFFICE = "application/vnd.openxmlformats-officedocument";

describe("bytes with a signature", () => {
  it.each<[string, Buffer, string]>([
    ["a PDF", PDF, "application/pdf"],
    ["a PNG", PNG, "image/png"],
    ["a JPEG", JPEG, "image/jpeg"],
    ["a GIF", GIF, "image/gif"],
    ["a document for Word", DOCX, `${OFFICE}.wordprocessingml.document`],
    ["one with macros", DOCM, "application/vnd.ms-word.document.macroenabled.12"],
    ["a workbook", XLSX, `${OFFICE}.spreadsheetml.sheet`],
    ["an open document", ODT, "application/vnd.oasis.opendocument.text"],
    ["an old document for Word", oldOffice("WordDocument"), "application/msword"],
    ["an old workbook", oldOffice("Workbook"), "application/x-cfb"],
    ["an archive", zip({ "a.txt": "a" }), "application/zip"],
    [
      "an archive that says late that it is a document",
      zip({ "a.txt": "a", "word/document.xml": "<w/>" }),
      `${OFFICE}.wordprocessingml.document`,
    ],
    ["a program for Windows", EXE, "application/x-msdownload"],
    ["a program for Linux", ELF, "application/x-elf"],
    ["bytes of nothing known", Buffer.from([1, 2, 3, 4, 0, 200]), "application/octet-stream"],
  ])("%s", async (_, bytes, type) => {
    expect(await sniffType(bytes)).toBe(type);
  });
});

describe("text", () => {
  const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, "utf16le");
  it.each<[string, Buffer | string, string]>([
    ["rows", CSV, "text/plain"],
    ["rows that begin like a picture", "BMI,name\n21,Amala\n", "text/plain"],
    ["in UTF-8 with its mark", "\ufeffdydd Mercher, ŵ", "text/plain"],
    ["in one byte a character", Buffer.from("caf\xe9 \x80 12", "latin1"), "text/plain"],
    ["in UTF-16", utf16("naïve"), "text/plain"],
    ["of nothing", "", "text/plain"],
    ["with a NUL", "a\0b", "application/octet-stream"],
    ["in JSON", '{"a": [1, 2]}', "application/json"],
    ["that is nearly JSON", "{not json}", "text/plain"],
    ["in RTF", "{\\rtf1 hello}", "application/rtf"],
    ["a PDF without a byte that is not ASCII", "%PDF-1.4\n%%EOF", "application/pdf"],
    ["a page", "<!DOCTYPE html><p>hello", "text/html"],
    ["a page after space, a comment and a mark", "\ufeff \n<!-- x -->\n<HTML>", "text/html"],
    ["a page in UTF-16", utf16("<script>alert(1)</script>"), "text/html"],
    ["a script in a page", "<script src=//evil.example></script>", "text/html"],
    ["a picture with scripts", "<svg onload=alert(1)>", "image/svg+xml"],
    ["the same as XML", '<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>', "image/svg+xml"],
    ["XML", '<?xml version="1.0"?><a/>', "text/xml"],
    ["a script for a shell", "#!/bin/sh\nrm -rf /", "text/x-script"],
    ["a program for a web server", "<?php system($_GET[0]);", "text/x-php"],
    ["for a printer", "%!PS-Adobe-3.0", "application/postscript"],
    ["that mentions tags", "use <b> for bold", "text/plain"],
  ])("%s", async (_, text, type) => {
    expect(await sniffType(Buffer.from(text as string))).toBe(type);
  });
});
