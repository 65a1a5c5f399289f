/** The long description in the help of `create` (captured on 1.9.2). */
export const CREATE_LONG = `Create a new machine with the specified distribution.

Version is optional; the latest stable version will be used if not specified.
To remove a machine, use "orb delete".

By default, a Linux user will be created with the same name as your macOS user. Use "--user" to change the name, and "--set-password" to set a password for both this user and root.

Supported distros: alma  alpine  arch  centos  debian  devuan  fedora  gentoo  kali  nixos  openeuler  opensuse  oracle  rocky  ubuntu  void
Supported CPU architectures: arm64  amd64`;

/** What \`orb\` prints where there is no machine to run a word in (captured, on stderr). */
export const NO_MACHINES = `To use Docker:
    docker run ...
See "orb docker" for more info.

To create a Linux machine:
    orb create ubuntu
See "orb create --help" for supported distros and options.
`;

/** The box that may stand around any output (captured; contract 3.16). */
export const UPDATE_BANNER = `
    ╭───────────────────────────────────────────────────────╮
    │                                                       │
    │              OrbStack update available!               │
    │              Run "orb update" to update.              │
    │                                                       │
    │  Updates include improvements, features, and fixes.   │
    │                                                       │
    ╰───────────────────────────────────────────────────────╯

`;

/** What `orb --help` prints (captured). */
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
