/** What a strange orbctl keeps in files of the caller's, and what it says for people. */
import { readFileSync, writeFileSync } from "node:fs";
import { Failed, find, later, locked, MACHINE_KEYS, newName, parse, ulid, violation } from "./strange-orbctl-world.mjs";

/** `export NAME FILE`. */
export function exportMachine(words) {
  const [name, file = "", ...more] = parse(words, {}).words;
  if (more.length > 0 || file === "") throw violation("export takes a machine and a file");
  locked((world) => {
    const { name: own, image, users } = find(world, name, "name");
    const config = Object.fromEntries(MACHINE_KEYS.map((key) => [key, world.config[`machine.${own}.${key}`]]));
    writeFileSync(file, JSON.stringify({ name: own, image, users, config }));
  });
}

/** `import FILE [-n NAME]`. */
export function importMachine(words) {
  const asked = parse(words, { "-n|--name": "one" });
  if (asked.words.length !== 1) throw violation("import takes one file");
  const { config, ...kept } = JSON.parse(readFileSync(asked.words[0], "utf8"));
  locked((world) => {
    const name = newName(world, "import", asked.name ?? kept.name);
    const machine = { ...kept, name, id: ulid(world), deafUntil: 0 };
    later(machine, [0, "stopped"]);
    world.machines.push(machine);
    for (const [key, value] of Object.entries(config)) world.config[`machine.${name}.${key}`] = value;
  });
}

/** `logs NAME`. */
export function logs(words) {
  const [name, ...more] = parse(words, {}).words;
  if (more.length > 0) throw violation("logs takes one machine");
  return locked((world) => {
    const machine = find(world, name, "name");
    if (!machine.booted) throw new Failed(`[-32098] machine '${machine.name}' has no logs of type console`);
    return `\u001b[1mBooting\u001b[0m ${machine.name}\r\nready`;
  });
}

/** `ssh`. */
export const SSH = "Connect:\n\n    ssh orb\n\n    Host:  localhost\n    Port: 32222\n    User:  default";
