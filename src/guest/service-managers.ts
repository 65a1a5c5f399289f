import type { ServiceManager } from "../model/inside.ts";

/** How one service manager is asked and told, as shell functions. */
export const SERVICE_MANAGERS: { readonly [manager in ServiceManager]: string } = {
  /** Some units can't be enabled (static, or made by a generator): they start when something needs them. */
  systemd: `exists() {
  state=$(systemctl show -p LoadState "$1" 2>/dev/null)
  [ -n "$state" ] && [ "$state" != LoadState=not-found ]
}
is_running() {
  state=$(systemctl show -p ActiveState "$1" 2>/dev/null)
  case \${state#ActiveState=} in active | activating | reloading | refreshing) return 0 ;; esac
  return 1
}
is_enabled() {
  case $(systemctl is-enabled "$1" 2>/dev/null) in
    enabled | static | alias | indirect | generated) return 0 ;;
  esac
  return 1
}
prepare() { systemctl daemon-reload; }
start() { systemctl start "$1"; }
stop() { systemctl stop "$1"; }
restart() { systemctl restart "$1"; }
enable() { systemctl enable "$1"; }
disable() { systemctl disable "$1"; }
`,
  openrc: `exists() { rc-service -e "$1" >/dev/null 2>&1; }
is_running() { rc-service "$1" status >/dev/null 2>&1; }
is_enabled() {
  for each in /etc/runlevels/*/"$1"; do
    if [ -e "$each" ] || [ -L "$each" ]; then return 0; fi
  done
  return 1
}
prepare() { :; }
start() { rc-service "$1" start </dev/null; }
stop() { rc-service "$1" stop </dev/null; }
restart() { rc-service "$1" restart </dev/null; }
enable() { rc-update add "$1" default; }
disable() { rc-update -a del "$1"; }
`,
  /** A service that is supervised but has a file `down` isn't started with the machine: runsvdir leaves it alone then. */
  runit: `watched=
for each in /var/service /etc/service /run/runit/service /service; do
  if [ -d "$each" ]; then watched=$each; break; fi
done
exists() { [ -d "/etc/sv/$1" ] || [ -d "$watched/$1" ]; }
is_running() { case $(sv status "$watched/$1" 2>/dev/null) in run:*) return 0 ;; esac; return 1; }
is_enabled() { [ -d "$watched/$1" ] && [ ! -e "$watched/$1/down" ]; }
prepare() { :; }
supervise() {
  if [ ! -d "$watched/$1" ]; then
    touch "/etc/sv/$1/down" && ln -s "/etc/sv/$1" "$watched/$1" || return 1
  fi
  tries=15
  while [ ! -e "$watched/$1/supervise/ok" ] && [ "$tries" -gt 0 ]; do tries=$((tries - 1)); sleep 1; done
}
start() { supervise "$1" && sv -w 30 start "$watched/$1"; }
stop() { sv -w 30 stop "$watched/$1"; }
restart() { supervise "$1" && sv -w 30 restart "$watched/$1"; }
enable() { supervise "$1" && rm -f "$watched/$1/down"; }
disable() { touch "$watched/$1/down"; }
`,
};
