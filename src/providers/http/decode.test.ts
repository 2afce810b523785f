import { describe, expect, it } from "vitest";
import { decodeEscapes, decodeUrlText, readTime } from "./decode.ts";

describe("decodeUrlText", () => {
  it.each([
    ["caf%C3%A9+au+lait", "café au lait"],
    ["100%25", "100%"],
    ["100% sure", "100% sure"],
    ["%F0%9F%98%80", "😀"],
    ["%ff", "\ufffd"],
    ["%2B44", "+44"],
    ["plain", "plain"],
  ])("%j is %j", (text, decoded) => {
    expect(decodeUrlText(text)).toBe(decoded);
  });
});

describe("decodeEscapes", () => {
  it.each([
    ["one\\ntwo", "one\ntwo"],
    ["\\u00a310", "£10"],
    ["\\xa310", "£10"],
    ["\\ud83d\\ude00", "😀"],
    ["\\U0001f600", "😀"],
    ["\\U99999999", "\\U99999999"],
    ["back\\\\slash", "back\\slash"],
    ["\\q stays", "\\q stays"],
    ["£ and 😀 stay", "£ and 😀 stay"],
  ])("%j is %j", (text, decoded) => {
    expect(decodeEscapes(text)).toBe(decoded);
  });
});

describe("readTime", () => {
  it.each([
    ["2016-04-05 16:01:07", "2016-04-05T16:01:07.000Z"],
    ["2020-02-04T08:09:42.389630", "2020-02-04T08:09:42.389Z"],
    ["2021-02-23T14:51:13.000000Z", "2021-02-23T14:51:13.000Z"],
    ["2021-02-23T14:51:13+0200", "2021-02-23T12:51:13.000Z"],
    ["2021-02-23T14:51:13-01:00", "2021-02-23T15:51:13.000Z"],
  ])("%s is %s", (text, iso) => {
    expect(readTime(text)?.toISOString()).toBe(iso);
  });

  it.each(["", "yesterday", "2016-13-05 16:01:07", "2016-04-05", "1459872067"])("%j is no time", (text) => {
    expect(readTime(text)).toBeUndefined();
  });
});
