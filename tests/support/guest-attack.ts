import type { Place } from "./guest-place.ts";

/** Programs that scripts call as root while somebody else owns the folder. */
const CALLED = "cat chmod chown dd ln mkdir mv readlink rm rmdir sha256sum stat wc".split(" ");

/** Before each program that root runs, the owner of the folder has a turn. */
const TURNS = `turn() {
  play="CALLED=$1; PATH=/bin:/usr/bin; . /usr/local/attack"
  if [ -x /usr/bin/setpriv ]; then setpriv --reuid=65534 --regid=65534 --clear-groups /bin/sh -c "$play"
  else su -s /bin/sh -c "$play" nobody
  fi </dev/null >/dev/null 2>&1
}
${CALLED.map((name) => `${name}() { turn ${name}; command ${name} "$@"; }\n`).join("")}`;

/** What the owner of /home/him does, each time anew: shell code, with that folder as the working directory. */
export const ATTACKS = {
  "the temporary file becomes a link to a secret": `case $CALLED in chown | chmod) ;; *) exit ;; esac
for each in .orbform-*; do
  [ -f "$each" ] || continue
  mv -f "$each" taken; ln -s /root/secret "$each"
done`,
  "beside the temporary file lie links to a secret": `for each in .orbform-*; do
  [ -f "$each" ] && [ ! -L "$each" ] || continue
  for tail in .sh .part; do [ -e "$each$tail" ] || ln -s /root/secret "$each$tail"; done
done`,
  "the temporary folder is another, with links in it": `for each in .orbform-*; do
  [ -d "$each" ] && [ ! -L "$each" ] && [ "$(stat -c %u "$each")" = 0 ] || continue
  mv "$each" "taken-$$-\${each##*.}"; mkdir -m 777 "$each"
  for name in part pack script content; do ln -s /root/secret "$each/.orbform-$name"; done
done`,
  "the temporary folder is a link to root's": `for each in .orbform-*; do
  [ -d "$each" ] && [ ! -L "$each" ] || continue
  mv "$each" "taken-$$-\${each##*.}"; ln -s /root/box "$each"
done`,
  "the file is a link to a secret": "mv -f conf taken; ln -s /root/secret conf",
  "the file becomes a link to a secret": `case $CALLED in chown | chmod) ;; *) exit ;; esac
mv -f conf taken; ln -s /root/secret conf`,
  "the file becomes a link to root's folder": `[ "$CALLED" = mv ] || exit
mv -f conf taken; ln -s /root/box conf`,
  "a folder on the way is a link to root's": `for each in app .ssh; do
  [ -L "$each" ] || mv "$each" "taken-$$"; ln -s /root/box "$each"
done`,
  "a folder becomes a link to root's": `case $CALLED in chown | chmod) ;; *) exit ;; esac
for each in app made new .ssh; do
  [ -d "$each" ] && [ ! -L "$each" ] && mv "$each" "taken-$$-$each" && ln -s /root/box "$each"
done`,
} as const;

/** A home of nobody's with `conf` and `app/` in it, a secret and a folder of root's, and the script with an attack on it. */
export function attacked(place: Place, attack: string, script: string): string {
  place.run(`rm -rf /home/him /root/secret /root/box
mkdir -p /home/him/app /root/box
echo old >/home/him/conf; echo old >/home/him/app/conf
chmod 755 /root /root/box
chown -R 65534:65534 /home/him
(umask 077; echo secret >/root/secret)`);
  place.write("/usr/local/attack", `cd /home/him || exit\n${attack}\n`);
  return `${TURNS}${script}`;
}

/** What is root's is as it was; nothing else was made there. */
export function rootsOwn(place: Place): string {
  return place.run(`stat -c '%u %a %n' /root/secret /root/box; cat /root/secret; ls -A /root/box`).stdout;
}

/** What {@link rootsOwn} says where all is well. */
export const UNTOUCHED = "0 600 /root/secret\n0 755 /root/box\nsecret\n";
