import { mkdirSync } from "node:fs";
import { assertNever } from "../../src/model/errors.ts";
import type { ServiceManager } from "../../src/model/inside.ts";
import type { Place } from "./guest-place.ts";

/**
 * Service managers of a throw-away machine. They keep what runs in files, take the arguments that the real ones take and
 * nothing else, and know the services `web` and, for systemd, the static unit `fixed`.
 */
export function installServices(place: Place, manager: ServiceManager): void {
  mkdirSync(place.path("/var/fake"), { recursive: true });
  switch (manager) {
    case "systemd":
      mkdirSync(place.path("/run/systemd/system"), { recursive: true });
      place.write("/usr/local/bin/systemctl", SYSTEMCTL, 0o755);
      return;
    case "openrc":
      mkdirSync(place.path("/etc/runlevels/default"), { recursive: true });
      place.write("/etc/init.d/web", "", 0o755);
      place.write("/usr/local/bin/rc-service", RC_SERVICE, 0o755);
      place.write("/usr/local/bin/rc-update", RC_UPDATE, 0o755);
      return;
    case "runit":
      mkdirSync(place.path("/var/service"), { recursive: true });
      place.write("/etc/sv/web/run", "", 0o755);
      place.write("/usr/local/bin/sv", SV, 0o755);
      place.write("/usr/local/bin/runsvdir", "#!/bin/sh\nexit 1\n", 0o755);
      return;
    default:
      assertNever(manager);
  }
}

/** systemd 252: `show` of what is not there succeeds; `start` of it is exit 5; a static unit can't be enabled. */
const SYSTEMCTL = `#!/bin/sh
echo "systemctl $*" >>/var/fake/log
bad() { echo "systemctl: $*" >&2; exit 1; }
known() { [ "$1" = web ] || [ "$1" = fixed ] || [ -e "/etc/systemd/system/$1.service" ]; }
missing() { echo "Failed to $1 $2.service: Unit $2.service not found." >&2; exit 5; }
verb=$1
shift
case $verb in
  daemon-reload) [ $# -eq 0 ] || bad "Too many arguments." ;;
  show)
    [ "$1" = -p ] && [ $# -eq 3 ] || bad "wrong use of show: $*"
    case $2 in
      LoadState) if known "$3"; then echo LoadState=loaded; else echo LoadState=not-found; fi ;;
      ActiveState) if [ -e "/var/fake/active-$3" ]; then echo ActiveState=active; else echo ActiveState=inactive; fi ;;
      *) bad "Unknown property $2" ;;
    esac ;;
  is-enabled)
    [ $# -eq 1 ] || bad "wrong use of is-enabled"
    known "$1" || { echo "Failed to get unit file state for $1.service: No such file or directory" >&2; exit 1; }
    if [ "$1" = fixed ]; then echo static
    elif [ -e "/var/fake/enabled-$1" ]; then echo enabled
    else echo disabled; exit 1
    fi ;;
  start | restart) known "$1" || missing "$verb" "$1"; [ ! -e /var/fake/broken ] || bad "Job for $1.service failed."; : >"/var/fake/active-$1" ;;
  stop) known "$1" || missing stop "$1"; rm -f "/var/fake/active-$1" ;;
  enable) known "$1" || missing enable "$1"; [ "$1" = fixed ] || : >"/var/fake/enabled-$1" ;;
  disable) known "$1" || missing disable "$1"; rm -f "/var/fake/enabled-$1" ;;
  *) bad "Unknown command verb $verb." ;;
esac
`;

/** OpenRC: `status` of what is stopped is exit 3; starting what runs succeeds with a warning. */
const RC_SERVICE = `#!/bin/sh
if [ "$1" = -e ] || [ "$1" = --exists ]; then [ -e "/etc/init.d/$2" ]; exit; fi
[ $# -eq 2 ] || { echo "rc-service: wrong use" >&2; exit 1; }
[ -e "/etc/init.d/$1" ] || { echo " * rc-service: service \\\`$1' does not exist" >&2; exit 1; }
echo "rc-service $*" >>/var/fake/log
case $2 in
  status) [ -e "/var/fake/active-$1" ] || { echo " * status: stopped"; exit 3; }; echo " * status: started" ;;
  start | restart) : >"/var/fake/active-$1" ;;
  stop) rm -f "/var/fake/active-$1" ;;
  *) echo " * $1: unknown function '$2'" >&2; exit 1 ;;
esac
`;

const RC_UPDATE = `#!/bin/sh
echo "rc-update $*" >>/var/fake/log
case "$1 $2" in
  "add "*)
    [ -e "/etc/init.d/$2" ] && [ -d "/etc/runlevels/$3" ] || { echo " * rc-update: service \\\`$2' does not exist" >&2; exit 1; }
    ln -s "/etc/init.d/$2" "/etc/runlevels/$3/$2" ;;
  "-a del") rm -f /etc/runlevels/*/"$3" ;;
  *) echo "rc-update: wrong use" >&2; exit 1 ;;
esac
`;

/** runit: takes the service's folder; what no runsv watches can't be told. A watched service has its pipe. */
const SV = `#!/bin/sh
if [ "$1" = -w ]; then shift 2; fi
[ $# -eq 2 ] || { echo "sv: wrong use" >&2; exit 100; }
name=\${2##*/}
[ -d "$2" ] || { echo "fail: $2: unable to change to service directory: file does not exist"; exit 1; }
echo "sv $1 $name" >>/var/fake/log
mkdir -p "$2/supervise"
: >"$2/supervise/ok"
case $1 in
  status) if [ -e "/var/fake/active-$name" ]; then echo "run: $name: (pid 7) 1s"; else echo "down: $name: 1s"; fi ;;
  start | restart) : >"/var/fake/active-$name"; echo "ok: run: $name: (pid 7) 0s" ;;
  stop) rm -f "/var/fake/active-$name"; echo "ok: down: $name: 0s" ;;
  *) echo "sv: unknown command" >&2; exit 100 ;;
esac
`;
