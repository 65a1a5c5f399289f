import { Failure } from "./failure.ts";
import type { World } from "./world.ts";

const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/** Addresses of one network. */
const NETWORK_SIZE = 252;
const RESERVED: ReadonlySet<string> = new Set(["docker", "k8s", "none", "default"]);

/** Checks a name for a new or renamed machine. Throws a {@link Failure}; the texts are not known of the real one. */
export function checkName(name: string): void {
  if (name === "") throw new Failure("machine name is required");
  if (RESERVED.has(name.toLowerCase())) throw new Failure(`invalid machine name '${name}': name is reserved`);
  if (!/^[a-z0-9](?:[a-z0-9.-]{0,61}[a-z0-9])?$/i.test(name)) throw new Failure(`invalid machine name '${name}'`);
}

/** A new ULID: ten characters of the time in ms, sixteen of chance. */
export function newId(world: World): string {
  let time = world.now;
  let head = "";
  for (let digit = 0; digit < 10; digit += 1) {
    head = (CROCKFORD[time % 32] ?? "0") + head;
    time = Math.floor(time / 32);
  }
  const tail = Array.from({ length: 16 }, () => CROCKFORD[Math.floor(world.random() * 32)] ?? "0");
  return head + tail.join("");
}

/** The next free number for an address: each once, then those that have come free, and more where all are taken. */
export function nextHost(world: World): number {
  const { data } = world;
  data.nextHost += 1;
  if (data.nextHost <= NETWORK_SIZE || world.all().length >= NETWORK_SIZE) return data.nextHost;
  const used = new Set(world.all().map(({ host }) => host));
  const start = data.nextHost % NETWORK_SIZE;
  for (let step = 0; step < NETWORK_SIZE; step += 1) {
    const host = ((start + step) % NETWORK_SIZE) + 1;
    if (!used.has(host)) return host;
  }
  return data.nextHost;
}

/** IPv4 address of a machine: `192.168.139.x` first, then the neighbouring networks, so that no two are the same. */
export function ip4(world: World, host: number): string {
  const [a = "192", b = "168", c = "139"] = world.release.subnet.split(".");
  const block = Math.floor((host - 1) / NETWORK_SIZE);
  const last = ((host - 1) % NETWORK_SIZE) + 3;
  if (block === 0) return `${a}.${b}.${c}.${last}`;
  return `10.${168 + Math.floor(block / 256)}.${block % 256}.${last}`;
}

/** IPv6 address of a machine, made from its id. */
export function ip6(id: string): string {
  let number = 7;
  for (const letter of id.split("")) number = (number * 33 + (letter.codePointAt(0) ?? 0)) % 2 ** 40;
  const hex = number.toString(16).padStart(10, "0");
  const groups = [`18${hex.slice(0, 2)}`, `${hex.slice(2, 4)}ff`, `fe${hex.slice(4, 6)}`, hex.slice(6, 10)];
  return `fd07:b51a:cc66:0:${groups.map((group) => group.replace(/^0{1,3}/, "")).join(":")}`;
}
