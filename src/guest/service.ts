import type { ServiceFacts, ServiceManager, ServiceWish, Unavailable } from "../model/inside.ts";
import { needed, type RawFacts, unreadable, yesOrNo } from "./frame.ts";
import { quote } from "./quote.ts";
import { SERVICE_MANAGERS } from "./service-managers.ts";
import { checkServiceName } from "./words.ts";

const NAMES: readonly ServiceManager[] = ["systemd", "openrc", "runit"];

/** Shell functions that find out about services: `service_facts NAME`. A systemctl alone is no systemd that runs. */
export const SERVICE_FACTS = `service_manager() {
  if [ -d /run/systemd/system ] && has systemctl; then printf systemd
  elif has rc-service && has rc-update; then printf openrc
  elif has sv && has runsvdir; then printf runit
  else printf none
  fi
}
services=
service_facts() {
  [ -n "$services" ] || services=$(service_manager)
  say manager "$services"
  case $services in
${NAMES.map((each) => `    ${each})\n${SERVICE_MANAGERS[each]}      ;;\n`).join("")}    *) return ;;
  esac
  if ! exists "$1"; then say exists no; return; fi
  say exists yes
  if is_running "$1"; then say running yes; else say running no; fi
  if is_enabled "$1"; then say enabled yes; else say enabled no; fi
}
`;

/** The call that finds out about one service. */
export function serviceFactsCall({ name }: ServiceWish): string {
  return `service_facts ${quote(checkServiceName(name))}`;
}

/** Reads what `service_facts` said. */
export function readService(raw: RawFacts): ServiceFacts | Unavailable {
  const word = needed(raw, "manager");
  if (word === "none")
    return { type: "unavailable", why: `None of the known service managers runs there (${NAMES.join(", ")}).` };
  const manager = NAMES.find((each) => each === word);
  if (!manager) throw unreadable("It names a service manager that is not known.");
  if (!yesOrNo(raw, "exists")) return { type: "service", manager, exists: false, running: false, enabled: false };
  const [running, enabled] = [yesOrNo(raw, "running"), yesOrNo(raw, "enabled")];
  return { type: "service", manager, exists: true, running, enabled };
}

/** Starts or stops a service, and has it started with the machine or not, where it is not so. */
export function changeService(wish: Omit<ServiceWish, "type">, manager: ServiceManager): string {
  const lines = [`exists "$name" || no no-service "$name"\n`];
  if (wish.enabled !== undefined)
    lines.push(wish.enabled ? ensure("enable", "is_enabled") : ensure("disable", "! is_enabled"));
  if (wish.running !== undefined)
    lines.push(wish.running ? ensure("start", "is_running") : ensure("stop", "! is_running"));
  return `${begin(wish.name, manager)}${lines.join("")}ok "$changed"\n`;
}

/** Puts a service back to how it was. One that is not there any more is left at that. */
export function putServiceBack(before: Omit<ServiceWish, "type">, manager: ServiceManager): string {
  return `${SERVICE_MANAGERS[manager]}exists ${quote(checkServiceName(before.name))} || ok unchanged
${changeService(before, manager)}`;
}

/** Restarts a service, or starts it where it does not run. */
export function restartService(name: string, manager: ServiceManager): string {
  return `${begin(name, manager)}exists "$name" || no no-service "$name"
prepare >&2
restart "$name" >&2 || no failed restart
is_running "$name" || no not-so restart
ok changed
`;
}

function begin(name: string, manager: ServiceManager): string {
  return `${SERVICE_MANAGERS[manager]}name=${quote(checkServiceName(name))}
`;
}

function ensure(verb: string, condition: string): string {
  return `if ! { ${condition} "$name"; }; then
  prepare >&2
  ${verb} "$name" >&2 || no failed ${verb}
  ${condition} "$name" || no not-so ${verb}
  changed=changed
fi
`;
}
