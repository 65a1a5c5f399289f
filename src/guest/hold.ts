import { checkToken } from "./frame.ts";
import { PRELUDE } from "./shell.ts";

/**
 * Shell functions that tell whether a script of ours is at work in the machine. `$room` is a folder of root's that a boot
 * takes with it (contract 3.7: a restart has another boot id). In it lies, for each script at work, `TOKEN.run` with its
 * process, the start of that, the boot and the token; the one that holds the machine has a second name for it, `lock`. A
 * holder that died keeps the name for ever, and `lock.TOKEN` is its successor's: nothing is ever taken from anybody.
 * `last` finds the end of that chain: `$holder` is who is at work, or nobody, and then `$name` is free.
 */
const AT_WORK = `room=/run/orbform boot=-
if ! { [ -d /run ] && [ -w /run ]; }; then room=/tmp/orbform; fi
if [ -r /proc/sys/kernel/random/boot_id ]; then read -r boot </proc/sys/kernel/random/boot_id; fi
is_room() { [ -d "$room" ] && [ ! -L "$room" ] && [ -O "$room" ]; }
process() {
  { read -r line <"/proc/$1/stat"; } 2>/dev/null || return 1
  # Not by patterns: dash takes milliseconds for one of many stars, and this is done for each process.
  read -r state _ group _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ start _ <<STAT
\${line##*) }
STAT
}
at_work() {
  holder=
  { read -r pid began booted holder <"$1"; } 2>/dev/null || return 1
  [ "$booted" = "$boot" ] || return 1
  if ! process $$; then kill -0 "$pid" 2>/dev/null; return; fi
  if process "$pid"; then
    [ "$start" = "$began" ] || return 1
    case $state in Z | X) ;; *) return 0 ;; esac
  fi
  for each in /proc/[0-9]*/stat; do
    each=\${each%/stat}
    if process "\${each##*/}" && [ "$group" = "$pid" ] && [ "$state" != Z ]; then return 0; fi
  done
  return 1
}
last() {
  name=lock holder=
  while [ -e "$room/$name" ]; do
    if at_work "$room/$name"; then return; fi
    [ -z "$holder" ] || name=lock.$holder
  done
  holder=
}
held() { printf '\\n%s held %s %s .\\n' "$token" "$1" "$boot"; }
`;

/** Begins a script that looks: where one of ours is at work, it says so and ends, for what it would see is half done. */
export function unlessAtWork(token: string): string {
  return `${AT_WORK}token=${checkToken(token)}
if is_room; then last; else holder=; fi
if [ -n "$holder" ]; then held busy; exit 0; fi
held free
`;
}

/**
 * A script that changes something, as one that holds the machine: while it is at work no other of ours begins. How it
 * ended is left in `TOKEN.end`, for whoever did not hear it: `done`, `refused`, `ended-CODE`, or `cut` where a signal
 * ended it. That is kept for a day or until the next boot: others may begin before it is asked for. On a disk that is full
 * no word can be left: one that ended well without its word is `lost`, and `TOKEN.run` goes only where `TOKEN.end` came, for
 * where there is neither it would be run again.
 */
export function holding(script: string, token: string): string {
  return `${PRELUDE}${AT_WORK}token=${checkToken(token)} kept= cut=
[ -d "$room" ] || mkdir -m 700 "$room" 2>/dev/null
if ! is_room; then held no-room; exit 1; fi
record=$room/$token began=-
if process $$; then began=$start; fi
printf '%s %s %s %s\\n' "$$" "$began" "$boot" "$token" >"$record.run"
if ! at_work "$record.run"; then held no-room; exit 1; fi
if [ -e "$record.void" ]; then rm -f "$record.run"; held void; exit 1; fi
last
if [ -z "$holder" ] && ln "$record.run" "$room/$name" 2>/dev/null; then kept=$room/$name; last; fi
if [ -z "$kept" ] || [ "$holder" != "$token" ]; then
  rm -f \${kept:+"$kept"} "$record.run"
  held busy
  exit 1
fi
find "$room" -name '*.end' -mtime +0 -exec rm -f {} \\; 2>/dev/null
rm -f "$room"/*.said
trap 'cut=yes' HUP INT TERM
leave() { printf '%s\\n' "$1" >"$record.said"; }
(
${script})
code=$?
if ! [ -s "$record.said" ]; then
  if [ "$code" -eq 0 ]; then said=lost
  elif [ -n "$cut" ] || [ "$code" -gt 128 ]; then said=cut
  else said=refused
  fi
  printf '%s\\n' "$said" >"$record.said"
fi
if [ -s "$record.said" ] && mv -f "$record.said" "$record.end"; then rm -f "$record.run"; fi
rm -f "$record.said" "$kept"
exit "$code"
`;
}

/**
 * Asks what became of a script. One that never began is kept from ever beginning: its call may still be on its way. That is
 * done in a shell of its own, for a redirection of `:` that fails ends the one that it stands in.
 * Answers `done`, `refused`, `ended-CODE`, `cut`, `busy`, `never`, or `lost` where it was at work and left no word.
 */
export function fateScript(asked: string, token: string): string {
  return `${PRELUDE}${AT_WORK}token=${checkToken(token)} record=$room/${checkToken(asked)} word=lost
[ -d "$room" ] || mkdir -m 700 "$room" 2>/dev/null
fate() {
  if [ -r "$record.end" ]; then read -r word <"$record.end"
  elif at_work "$record.run"; then word=busy
  elif [ -r "$record.end" ]; then read -r word <"$record.end"
  elif [ -e "$record.run" ]; then word=lost
  else return 1
  fi
}
if is_room && ! fate; then
  word=never
  (: >"$record.void") 2>/dev/null || word=lost
  fate
fi
held "$word"
`;
}

/** What a script said of who is at work: a word of the above, and the boot it was said in. */
export interface Word {
  readonly word: string;
  readonly boot: string;
}

/** What it said, or `undefined` where it said nothing of that. */
export function readWord(stdout: string, token: string): Word | undefined {
  const pattern = new RegExp(`\\n${checkToken(token)} held ([a-z0-9-]+) ([\\x21-\\x7e]{1,128}) \\.\\n`);
  const [, word, boot] = pattern.exec(stdout) ?? [];
  return word === undefined || boot === undefined ? undefined : { word, boot };
}
