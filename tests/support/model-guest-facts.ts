/** How a model of the inside of a machine answers a look (src/guest/facts.ts). */
import { createHash } from "node:crypto";
import { wordsOf } from "./model-guest-script.ts";
import type { Inside, ModelPath } from "./model-guest.ts";
import type { ModelRoom } from "./model-guest-room.ts";

/** The frame that a look prints. */
export function factsIn(inside: Inside, script: string, room: ModelRoom): string {
  const token = /^token=([\w-]+)/m.exec(script)?.[1] ?? "";
  const calls = script.slice(script.indexOf("facts() {\n:\n") + 11, script.lastIndexOf("}\nbody=$(facts)"));
  const lines = [...calls.matchAll(/^at=(\d+)\n([^]*?)\n(?=at=|$(?![^]))/gm)].flatMap(([, at = "", call = ""]) =>
    Object.entries(factOf(inside, call, room)).map(([key, value]) => `${at} ${key} ${value}`),
  );
  const body = lines.join("\n");
  return `\n${token} facts\n${body}\n${token} end - ${body.length}\n`;
}

/** Hex SHA-256 of a text. */
export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

const hex = (text: string): string => Buffer.from(text).toString("hex");

type Facts = { readonly [key: string]: string };

function factOf(inside: Inside, call: string, room: ModelRoom): Facts {
  const [name = ""] = call.split(" ");
  const [first = "", ...more] = wordsOf(call);
  switch (name) {
    case "file_facts":
      return pathFacts(inside.paths[first], more[0]);
    case "directory_facts":
      return directoryFacts(inside, first);
    case "packages_facts":
      return packageFacts(inside, first === "" ? [] : [first, ...more]);
    case "service_facts":
      return serviceFacts(inside, first);
    case "user_facts":
      return userFacts(inside, first);
    default:
      return {
        ...(call.includes("say created") && { created: first in inside.paths ? "yes" : "no" }),
        ...(call.includes("say done") && { done: endedWell(call, room) ? "yes" : "no" }),
      };
  }
}

function endedWell(call: string, room: ModelRoom): boolean {
  const [, boot, token = ""] = /"\$boot" = '(.*?)' .*\$room\/([\w-]+)\.end/.exec(call) ?? [];
  return boot === room.name && room.endOf(token) === "done";
}

/** A name's number, and `UNKNOWN` for a number's name, as `stat` says them. */
function rights({ mode, owner }: ModelPath): string {
  const isNumber = /^\d+$/.test(owner);
  const [name, number] = isNumber ? ["UNKNOWN", owner] : [owner, owner === "root" ? "0" : "1000"];
  return hex(`${mode.toString(8)} ${number} ${number}\n${name}\n${name}\n`);
}

function pathFacts(path: ModelPath | undefined, wanted: string | undefined): Facts {
  if (path?.kind !== "file") return { kind: path?.kind ?? "absent" };
  const digest = sha256(path.text);
  return {
    kind: "file",
    rights: rights(path),
    digest,
    size: String(Buffer.byteLength(path.text)),
    ...(digest !== wanted && { text: hex(path.text) }),
  };
}

function directoryFacts({ paths }: Inside, at: string): Facts {
  const path = paths[at];
  if (path?.kind !== "directory") return { kind: path?.kind ?? "absent" };
  const isEmpty = !Object.keys(paths).some((each) => each.startsWith(`${at}/`));
  return { kind: "directory", rights: rights(path), empty: isEmpty ? "yes" : "no" };
}

function packageFacts({ packages }: Inside, names: readonly string[]): Facts {
  const found = names.map((word, index) => {
    const name = word.replace(/^latest /, "");
    return {
      [`installed-${index + 1}`]: hex(packages[name] ?? ""),
      ...(name !== word && { [`newer-${index + 1}`]: "" }),
    };
  });
  return Object.assign({ manager: "apt" }, ...found);
}

function serviceFacts({ services }: Inside, name: string): Facts {
  const service = services[name];
  const word = (is: boolean): string => (is ? "yes" : "no");
  if (service === undefined) return { manager: "systemd", exists: "no" };
  const { running, enabled } = service;
  return { manager: "systemd", exists: "yes", running: word(running), enabled: word(enabled) };
}

function userFacts({ users }: Inside, name: string): Facts {
  const user = users[name];
  if (user === undefined) return { exists: "no" };
  const { uid, shell, home, groups } = user;
  return {
    exists: "yes",
    uid: String(uid),
    shell: hex(shell),
    home: hex(home),
    groups: hex(groups.map((each) => `${each}\n`).join("")),
    keys: "",
  };
}
