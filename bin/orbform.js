#!/usr/bin/env node
// The same program under its own name; it hands nothing on. Plain JavaScript that Node 20 can parse.
import { startOrbform } from "./start.js";

await startOrbform(process.argv.slice(2));
