import { describe, expect, it } from "vitest";
import { decideFileType, findNameProblem } from "./file-types.ts";

const SUPPORTED =
  "Supported types are: '.csv', '.doc', '.docx', '.jpeg', '.jpg', '.json', '.odt', '.pdf', '.png', '.rtf', '.txt', '.xlsx'";
const BAD_CHARACTERS =
  "`filename` cannot contain slashes, control characters or marks that change the direction of text";

describe("a name", () => {
  it.each([
    ["report.pdf", undefined],
    ["Report.final.PDF", undefined],
    ["Adroddiad – terfynol (2).docx", undefined],
    [`${"😀".repeat(96)}.csv`, undefined],
    [`${"a".repeat(97)}.csv`, "`filename` cannot be longer than 100 characters"],
    ["setup.exe", `Unsupported file type '.exe'. ${SUPPORTED}`],
    ["report.pdf.exe", `Unsupported file type '.exe'. ${SUPPORTED}`],
    ["report.", `Unsupported file type '.'. ${SUPPORTED}`],
    [".constructor", `Unsupported file type '.constructor'. ${SUPPORTED}`],
    ["../../etc/passwd.txt", BAD_CHARACTERS],
    ["..\\boot.txt", BAD_CHARACTERS],
    ["a\r\nSet-Cookie: b.txt", BAD_CHARACTERS],
    ["a\0.txt", BAD_CHARACTERS],
    ["invoice\u202efdp.txt", BAD_CHARACTERS],
    ["invoice\u2066.txt", BAD_CHARACTERS],
  ])("%j: %s", (filename, problem) => {
    expect(findNameProblem(filename)).toBe(problem);
  });
});

describe("the type of a file", () => {
  it.each([
    [{ filename: "a.pdf", sniffed: "application/pdf" }, "pdf", "application/pdf"],
    [{ filename: "a.JPG", sniffed: "image/jpeg" }, "jpg", "image/jpeg"],
    [{ filename: "report.csv", sniffed: "application/pdf" }, "csv", "text/csv"],
    [{ filename: "a.csv", sniffed: "text/plain", isCsv: true }, "csv", "text/csv"],
    [{ sniffed: "text/plain" }, "txt", "text/plain"],
    [{ sniffed: "text/plain", isCsv: true }, "csv", "text/csv"],
    [{ sniffed: "application/pdf", isCsv: true }, "pdf", "application/pdf"],
    [{ sniffed: "application/rtf" }, "rtf", "text/rtf"],
    [{ sniffed: "image/jpeg" }, "jpeg", "image/jpeg"],
  ])("%o is .%s", (facts, extension, mimeType) => {
    const type = decideFileType({ filename: undefined, isCsv: false, ...facts });
    expect(type).toEqual({ kind: "supported", extension, mimeType });
  });

  it.each([
    [{ sniffed: "text/html" }, "text/html"],
    [{ filename: "a.pdf", sniffed: "application/x-msdownload" }, "application/x-msdownload"],
    [{ filename: "a.exe", sniffed: "text/plain" }, ".exe"],
    [{ sniffed: "toString" }, "toString"],
  ])("%o is not to be sent", (facts, named) => {
    const type = decideFileType({ filename: undefined, isCsv: false, ...facts });
    expect(type).toEqual({ kind: "unsupported", message: `Unsupported file type '${named}'. ${SUPPORTED}` });
  });
});
