import { expect, test } from "vitest";
import { authored } from "../../../src/model/authored.ts";

const GIB = 1024 ** 3;

test.each([
  ["memoryMiB", 4096, "4G"],
  ["memoryMiB", 1536, "1536M"],
  ["memoryMiB", 0, 0],
  ["diskBytes", 20 * GIB, "20G"],
  ["diskBytes", GIB / 2, "512M"],
  ["diskBytes", 1_234_567, 1_234_567],
  ["diskBytes", 0, 0],
  ["isolateNetwork", true, false],
  ["cpus", 4096, 4096],
  ["user", null, null],
] as const)("%s %j is what authors write as %j", (key, value, text) => {
  expect(authored(key, value)).toEqual(text);
});
