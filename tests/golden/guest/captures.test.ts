import { expect, test } from "vitest";
import { readDns } from "../../../src/guest/dns.ts";
import { readHttp } from "../../../src/guest/http.ts";
import { readInterfaces } from "../../../src/guest/inside-facts.ts";
import { readPing } from "../../../src/guest/ping.ts";
import { readTcp } from "../../../src/guest/tcp.ts";
import { DNS_TYPES } from "../../../src/model/probe.ts";
import { capturesIn, type Capture } from "../../support/captures.ts";

/**
 * What real programs printed (Debian 12: BIND 9.18, drill 1.8, busybox 1.35, iputils, curl, wget, OpenBSD's nc) against a
 * small name server, a web server and nobody, and what is read out of it.
 */
function read({ line, output, exitCode }: Capture): object {
  const words = line.replace(/^(?:busybox|timeout \d+ busybox) /, "").split(" ");
  const tool = words[0] === "timeout" ? "bash" : (words[0] ?? "");
  const tried = { tool, output, exitCode };
  const type = DNS_TYPES.find((each) => words.some((word) => word === each || word === `-type=${each}`));
  if (type !== undefined) return readDns(tried, type);
  if (tool === "getent") return readDns(tried, line.includes("v6") ? "AAAA" : "A");
  if (tool === "ping") return readPing(tried);
  if (tool === "curl" || tool === "wget") return readHttp(tried);
  if (tool === "ip") return readInterfaces(output);
  return readTcp(tried);
}

test.each(["dns", "network"])("what real programs said of %s is read as before", async (name) => {
  const captures = capturesIn(new URL(`${name}-captures.txt`, import.meta.url));
  expect(captures.length).toBeGreaterThan(20);
  const readings = captures.map((each) => `${each.line}\n    ${JSON.stringify(read(each))}\n`);
  await expect(readings.join("")).toMatchFileSnapshot(`${name}-readings.txt`);
});
