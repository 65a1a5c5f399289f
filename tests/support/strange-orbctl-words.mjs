/** How a strange orbctl describes its world: the JSON of `list` and `info`, and `config show`. */

const DEFAULTS = {
  username: "mac",
  isolated: "false",
  isolate_network: "false",
  forward_ssh_agent: "true",
  mounts: "",
  http_port: "0",
  https_port: "0",
  cpu: "0",
  memory_mib: "0",
  disk_bytes: "0",
};

const valueOf = (world, name, key) => world.config[`machine.${name}.${key}`] ?? DEFAULTS[key];

/** The default user of a machine. */
export function userOf(world, machine) {
  return valueOf(world, machine.name, "username");
}

function shapedConfig(world, is, { name }) {
  const value = (key) => valueOf(world, name, key);
  const basic = { isolated: value("isolated") === "true", default_username: value("username") };
  if (is.shape === "2.0" || is.shape === "trimmed") return basic;
  const limit = (key, word) => (value(word) === "0" ? {} : { [key]: Number(value(word)) });
  return {
    ...basic,
    forward_ssh_agent: value("forward_ssh_agent") === "true",
    isolate_network: value("isolate_network") === "true",
    http_port: Number(value("http_port")),
    https_port: Number(value("https_port")),
    ...(is.limitsInJson && {
      ...limit("memory_limit_mib", "memory_mib"),
      ...limit("cpu_limit", "cpu"),
      ...limit("disk_limit_bytes", "disk_bytes"),
    }),
    ...(is.mountsInJson && {
      mounts: value("mounts")
        .split(",")
        .filter(Boolean)
        .map((each) => ({ source: each.split(":")[0], destination: each.split(":")[1] ?? "" })),
    }),
    ...(is.extra && { gpu_limit: null, tags: ["a", { b: [1, 2] }], memory: { limit: "none" } }),
  };
}

function record(world, is, machine) {
  const { id, name, image, state } = machine;
  if (is.shape === "bare") return { id, name, state };
  if (is.shape === "flat") {
    return { id, name, image, isolated: valueOf(world, name, "isolated") === "true", builtin: false, state };
  }
  const { variant, ...bare } = image;
  return {
    id,
    name,
    image: is.shape === "2.0" ? bare : { ...bare, variant },
    config: shapedConfig(world, is, machine),
    ...(is.shape === "2.0" ? {} : { builtin: false }),
    state,
    ...(is.extra && { state_reason: "[1, 2] {none}", created_at: "2026-11-01T00:00:00Z", name_hint: "docker" }),
  };
}

const json = (is, value) => (is.compact ? JSON.stringify(value) : JSON.stringify(value, null, 2));

/** `list -f json`. */
export function describeList(world, is) {
  const seen = world.machines.filter((each) => !(each.hiddenUntil > Date.now()));
  const records = seen.map((each) => record(world, is, each));
  const docker = { ...record(world, is, { ...DOCKER }), builtin: true };
  return json(is, is.listsDocker ? [docker, ...records] : records);
}

const DOCKER = {
  id: "01GQQVF6C60000000000DOCKER",
  name: "docker",
  image: { distro: "docker", version: "latest", arch: "arm64", variant: "default" },
  state: "running",
};

/** `info -f json` of one machine. */
export function describeInfo(world, is, machine) {
  const shape = is.infoShape ?? is.shape;
  const described = record(world, { ...is, shape }, machine);
  if (shape === "flat") return json(is, described);
  const number = world.machines.indexOf(machine) + 10;
  const runs = machine.state === "running" && !is.withoutAddress;
  const addresses = runs
    ? { ip4: `192.168.139.${number}`, ip6: `fd07:b51a:cc66::${number}` }
    : is.emptyAddresses && { ip4: "", ip6: "" };
  return json(is, { record: described, disk_size: 812_345_678, ...addresses });
}

/** The lines of `config show`. */
export function showConfig(world, is, machineKeys) {
  const global = Object.keys(world.config).filter(
    (key) => !key.startsWith("machine.") && !is.neverListed?.includes(key),
  );
  const lines = global.map((key) => `${key}: ${world.config[key]}`);
  for (const { name } of world.machines) lines.push(...machineLines(world, is, { name, machineKeys }));
  if (is.rename === "left" || is.inherits) lines.push(...orphans(world));
  return is.showOrder === "reverse" ? lines.toReversed() : lines.toSorted();
}

function machineLines(world, is, { name, machineKeys }) {
  const keys = is.show === "username" ? ["username"] : machineKeys;
  if (is.show === "none") return [];
  return keys
    .filter((key) => is.show !== "changed" || valueOf(world, name, key) !== DEFAULTS[key])
    .map((key) => `machine.${name}.${key}: ${valueOf(world, name, key)}`.trimEnd());
}

/** Settings under names that nobody has any more. */
function orphans(world) {
  const names = world.machines.map((each) => each.name);
  return Object.keys(world.config)
    .filter((key) => key.startsWith("machine.") && !names.some((name) => key.startsWith(`machine.${name}.`)))
    .map((key) => `${key}: ${world.config[key]}`);
}
