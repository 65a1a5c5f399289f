/** Puts and gets one file through the connector and prints by how much memory grew at most, in MB. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { get } from "../../src/guest/get.ts";
import { put } from "../../src/guest/put.ts";
import { hostOrbctl } from "./host-orbctl.ts";

const [file = ""] = process.argv.slice(2);
const host = await hostOrbctl();

async function digestOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest("hex");
}

try {
  // What is loaded and warmed up by a small transfer is no growth.
  await put(host.machine(), { from: { content: "small" }, to: `${host.inside}/small` });
  await get(host.machine(), { from: `${host.inside}/small`, to: `${host.folder}/small` });
  const before = process.memoryUsage.rss();
  let most = before;
  const watch = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 20);
  let told = 0;
  await put(host.machine(), { from: file, to: `${host.inside}/big`, onProgress: () => (told += 1) });
  await get(host.machine(), { from: `${host.inside}/big`, to: `${host.folder}/back` });
  clearInterval(watch);
  const digests = new Set([await digestOf(file), await digestOf(`${host.folder}/back`)]);
  console.log(JSON.stringify({ grownMB: Math.round((most - before) / 1e6), digests: digests.size, told: told > 1000 }));
} finally {
  await host.remove();
}
