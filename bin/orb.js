#!/usr/bin/env node
// orbform:hand-through – this mark lets every copy of Orbform on a PATH be told from OrbStack's own orb.
// Plain JavaScript that Node 20 can parse; nothing of ours is loaded before it is known whose call this is.
import { startOrb } from "./start.js";

await startOrb(process.argv.slice(2));
