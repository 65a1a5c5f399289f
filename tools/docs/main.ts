/** Writes docs/commands.md and docs/schemas from the code itself: `npm run docs`. Tests assert that they are current. */
import { mkdirSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { COMMANDS } from "../../src/commands/table.ts";
import { commandsDoc } from "./commands-doc.ts";
import { schemaFiles } from "./schemas/documents.ts";

const target = new URL("../../docs/commands.md", import.meta.url);
const schemas = new URL("../../docs/schemas/", import.meta.url);

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  writeFileSync(target, commandsDoc(COMMANDS));
  mkdirSync(schemas, { recursive: true });
  for (const [name, text] of schemaFiles()) writeFileSync(new URL(name, schemas), text);
}
