import { Failure } from "./failure.ts";
import { parseBool, parseCount } from "./settings.ts";
import type { World } from "./world.ts";

interface Global {
  readonly kind: "bool" | "count" | "text";
  readonly value: string;
  readonly restart?: true;
}

const bool = (value: boolean): Global => ({ kind: "bool", value: String(value) });
const text = (value: string): Global => ({ kind: "text", value });

/** Global settings with their defaults (contract 3.15), sorted. Where the contract has a question mark, a guess. */
const GLOBALS: { readonly [key: string]: Global } = {
  "app.start_at_login": bool(false),
  "app.wait_for_container_stop": bool(true),
  cpu: { kind: "count", value: "11", restart: true },
  data_allow_backup: bool(false),
  "docker.expose_ports_to_lan": bool(true),
  "docker.node_name": text("orbstack"),
  "docker.set_context": bool(true),
  "k8s.enable": bool(false),
  "k8s.expose_services": bool(false),
  "k8s.kubeconfig_use_domain": bool(true),
  "k8s.tls_san": text(""),
  "machines.expose_ports_to_lan": bool(true),
  "machines.forward_ports": bool(true),
  memory_mib: { kind: "count", value: "16384", restart: true },
  mount_hide_shared: bool(false),
  "network.https": bool(true),
  "network.proxy.exclude": text(""),
  "network.subnet4": { kind: "text", value: "192.168.138.0/23", restart: true },
  network_bridge: { ...bool(true), restart: true },
  network_proxy: text("auto"),
  "power.pause_in_sleep": bool(true),
  rosetta: { ...bool(true), restart: true },
  "setup.use_admin": bool(true),
  "ssh.expose_port": bool(false),
};

/** The global settings as `key: value` lines: those before the machines' lines, and those after. */
export function globalLines(world: World): { readonly before: string; readonly after: string } {
  let before = "";
  let after = "";
  for (const key of Object.keys(GLOBALS)) {
    const line = `${key}: ${globalSetting(world, key)}\n`;
    if (key < "machine.") before += line;
    else after += line;
  }
  return { before, after };
}

/** A global setting, or `undefined` for a key that is none. */
export function globalSetting(world: World, key: string): string | undefined {
  if (!Object.hasOwn(GLOBALS, key)) return undefined;
  return world.data.config[key] ?? GLOBALS[key]?.value;
}

/** Changes a global setting; tells whether it takes effect only after a restart of OrbStack. */
export function setGlobal(world: World, key: string, value: string): boolean {
  const known = Object.hasOwn(GLOBALS, key) ? GLOBALS[key] : undefined;
  if (!known) throw new Failure(`unknown config key: ${key}`);
  const written = normalise(known, value);
  const changes = globalSetting(world, key) !== written;
  world.data.config[key] = written;
  world.log("config", null, `${key}=${written}`);
  return changes && known.restart === true;
}

/** Puts every global setting back to its default. */
export function resetGlobals(world: World): void {
  world.data.config = {};
  world.log("config reset", null);
}

function normalise(known: Global, value: string): string {
  if (known.kind === "bool") return String(parseBool(value));
  return known.kind === "count" ? String(parseCount(value)) : value;
}
