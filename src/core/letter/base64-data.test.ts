import { describe, expect, it } from "vitest";
import { base64Data } from "./base64-data.ts";

describe("base64", () => {
  it.each([
    ["", ""],
    ["QUJD", "QUJD"],
    ["QUI=", "QUI"],
    ["QQ==", "QQ"],
    [" QU\r\nJ-D_é", "QUJD"],
    ["QQ= =", "QQ"],
    ["QUI=QUJD", "QUI"],
    ["QUJD====", "QUJD"],
    ["Q=UI=", "QUI"],
    ["QU=I", undefined], // padding that comes too soon counts for nothing, so one character is missing
    ["QUI", undefined],
    ["QQ", undefined],
    ["QQ=", undefined],
    ["Q", undefined],
    ["Q===", undefined],
    ["===", ""],
    ["%", ""],
  ])("%j has the data %j", (text, data) => {
    expect(base64Data(text)).toBe(data);
  });
});
