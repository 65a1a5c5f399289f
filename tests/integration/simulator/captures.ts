// Output of the real OrbStack that people have published, word for word.

/** `orb create --help`, 1.9.2. */
export const CREATE_HELP = `Create a new machine with the specified distribution.

Version is optional; the latest stable version will be used if not specified.
To remove a machine, use "orb delete".

By default, a Linux user will be created with the same name as your macOS user. Use "--user" to change the name, and "--set-password" to set a password for both this user and root.

Supported distros: alma  alpine  arch  centos  debian  devuan  fedora  gentoo  kali  nixos  openeuler  opensuse  oracle  rocky  ubuntu  void
Supported CPU architectures: arm64  amd64

Usage:
  orb create [flags] DISTRO[:VERSION] [MACHINE_NAME]

Aliases:
  create, add, new

Examples:
  orb create -a arm64 ubuntu:mantic
  orb create -a amd64 fedora foo

Flags:
  -a, --arch string        Override the default architecture
  -h, --help               help for create
  -p, --set-password       Set a password for the default user
  -u, --user string        Username for the default user
  -c, --user-data string   Path to Cloud-init user data file (for automatic setup)
`;

/** `orb config --help`, 2026-07. */
export const CONFIG_HELP = `Change OrbStack settings.

Usage:
  orb config [command]

Available Commands:
  docker      Edit Docker engine configuration
  get         Get a config value
  reset       Reset config to defaults
  set         Set a config option
  show        Show current configuration

Flags:
  -h, --help   help for config

Use "orb config [command] --help" for more information about a command.
`;

/** `orbctl version`. */
export const VERSION_1_7_2 = `Version: 1.7.2 (1070200)
Commit: 50f93373f351fe839fd72948e6aad032774c0f6c (v1.7.2)
`;

/** `orb version`. */
export const VERSION_1_9_2 = `Version: 1.9.2 (1090200)
Commit: f56c5adaa796a0902c648f038307ed8d434b0522 (v1.9.2)
`;

/** `orb list` without machines, 1.9.2. */
export const EMPTY_TABLE = `NAME  STATE  DISTRO  VERSION  ARCH
----  -----  ------  -------  ----
`;

/** Printed by `orb config set`, 2.2.0. */
export const RESTART_HINT = `Restart OrbStack with "orb stop" to apply changes.
`;

/** Standard error of `orb disk reclaim` with no machine, 2026. */
export const NO_MACHINES = `To use Docker:
    docker run ...
See "orb docker" for more info.

To create a Linux machine:
    orb create ubuntu
See "orb create --help" for supported distros and options.
`;

/** `orb --help`, 2026-07. */
export const ORB_HELP = `OrbStack's short "orb" command can be used in 3 ways:

1. Start a Linux shell.
   Just run "orb" with no arguments.
   Usage: orb

2. Run commands on Linux, like "orbctl run".
   Prefix any command with "orb" to run it in Linux.
   Usage: orb [flags] <command> [args...]
   Example: orb uname -a

   The default user and machine will be used, unless specified with flags.
   For example, to log in to "ubuntu" as root: orb -m ubuntu -u root uname -a

   Use "orbctl run --help" for a list of flags.
   If you prefer SSH, use "orbctl ssh" for details.

3. Control Linux machines, like "orbctl".
   Start, stop, and manage OrbStack and its machines with any "orbctl" subcommand.
   Usage: orb <subcommand> [args...]

   Use "orbctl --help" for a list of subcommands.

For Docker containers, use the "docker" command. "orb" is for managing OrbStack and machines.
`;

/** `orb delete k8s`, 2.0.3, up to the answer. */
export const DELETE_PROMPT = `WARNING: This will PERMANENTLY DELETE ALL DATA in the following machines:
  k8s
You cannot undo this action.

Continue [y/N]? `;

/** `orb reset`, 2.0.5, up to the answer. */
export const RESET_PROMPT = `WARNING: This will PERMANENTLY DELETE ALL DOCKER AND LINUX DATA!
This cannot be undone.

Are you sure you want to continue [y/N]? `;

/** Standard error of `orb delete -f ULID`, 2.2.3. */
export const PANIC = `panic: runtime error: invalid memory address or nil pointer dereference [recovered, repanicked]
[signal SIGSEGV: segmentation violation code=0x2 addr=0x10 pc=0x102573828]

goroutine 1 [running]:
github.com/orbstack/macvirt/vmgr/util/errorx.RecoverCLI(0x1)
	github.com/orbstack/macvirt/vmgr@v0.0.0-00010101000000-000000000000/util/errorx/errorx.go:30 +0x7c
panic({0x102cb3a60?, 0x102e26d50?})
	runtime/panic.go:860 +0x100
github.com/orbstack/macvirt/scon/cmd/scli/cmd.init.func47(0x102e42780, {0x2469e9039700, 0x1, 0x1026aff03?})
	github.com/orbstack/macvirt/scon/cmd/scli/cmd/delete.go:141 +0x868
github.com/spf13/cobra.(*Command).execute(0x102e42780, {0x2469e90396c0, 0x2, 0x2})
	github.com/spf13/cobra@v1.9.1/command.go:1015 +0x814
github.com/spf13/cobra.(*Command).ExecuteC(0x102e3d240)
	github.com/spf13/cobra@v1.9.1/command.go:1148 +0x350
github.com/spf13/cobra.(*Command).Execute(...)
	github.com/spf13/cobra@v1.9.1/command.go:1071
github.com/orbstack/macvirt/scon/cmd/scli/cmd.Execute(...)
	github.com/orbstack/macvirt/scon/cmd/scli/cmd/root.go:73
main.runCtl(0xe8?)
	github.com/orbstack/macvirt/scon/cmd/scli/main.go:144 +0x1bc
main.main()
	github.com/orbstack/macvirt/scon/cmd/scli/main.go:45 +0x84
`;

/** `orbctl list`, 2023-06. */
export const TABLE_2023 = `NAME       STATE    DISTRO     VERSION   ARCH
----       -----    ------     -------   ----
centos     stopped  centos     9-Stream  arm64
openeuler  running  openeuler  22.03     arm64
ubuntu     stopped  ubuntu     jammy     arm64
`;

/** Lines of `orbctl config show` from several captures. */
export const CONFIG_LINES = [
  "app.start_at_login: false",
  "data_allow_backup: false",
  "docker.expose_ports_to_lan: true",
  "k8s.enable: false",
  "k8s.expose_services: false",
  "machine.nas-vm.username: matttu",
  "machine.router-vm.username: matttu",
  "machine.test-invalid-user.username: invalid-user",
  "machines.expose_ports_to_lan: true",
  "machines.forward_ports: true",
  "memory_mib: 16384",
  "network.subnet4: 192.168.138.0/23",
  "rosetta: true",
] as const;

/** Keys of `config` in a record since 2.1. */
export const CONFIG_KEYS = [
  "isolated",
  "forward_ssh_agent",
  "isolate_network",
  "default_username",
  "http_port",
  "https_port",
];

/** `orb info NAME --format json`, 2023-07. */
export const FLAT_RECORD = {
  id: "01H48FEKCCNFHMB5NRKBFAKZ3R",
  name: "new-ubuntu",
  image: {
    distro: "ubuntu",
    version: "jammy",
    arch: "arm64",
    variant: "default",
  },
  isolated: false,
  builtin: false,
  state: "running",
};
