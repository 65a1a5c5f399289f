/** Writes docs/commands.md from the commands themselves: `npm run docs`. A test asserts it is current. */
import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { COMMANDS } from "../../src/commands/table.ts";
import { commandsDoc } from "./commands-doc.ts";

const target = new URL("../../docs/commands.md", import.meta.url);

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) writeFileSync(target, commandsDoc(COMMANDS));
