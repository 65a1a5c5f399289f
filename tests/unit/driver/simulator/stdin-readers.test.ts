import { expect, test } from "vitest";
import { mayReadInput } from "../../../../src/driver/simulator/stdin-readers.ts";

test.each([
  [["cat"], true],
  [["cat", "-"], true],
  [["cat", "/etc/hostname"], false],
  [["sh"], true],
  [["sh", "-s", "--", "x"], true],
  [["sh", "-c", "cat > /var/tmp/a"], true],
  [["sh", "-c", "cat /etc/hostname"], false],
  [["sh", "-c", "mkdir -p /a && cat >/a/b"], true],
  [["sh", "-c", "echo x | cat"], false],
  [["sh", "-c", "while read l; do echo $l; done"], true],
  [["sh", "-c", "echo hi"], false],
  [["sh", "-c", '(exec "$@")', "sh", "true"], true],
  [["bash", "-lc", "cat < /etc/hostname"], false],
  [["sudo", "-u", "root", "tee", "/etc/x"], true],
  [["env", "A=1", "sh", "-c", "true"], false],
  [["tar", "-xf", "-", "-C", "/"], true],
  [["tar", "xzf", "/a.tgz"], false],
  [["tar", "-C", "/", "-x"], true],
  [["grep", "x"], true],
  [["grep", "x", "/etc/hosts"], false],
  [["base64", "-d"], true],
  [["dd", "of=/x"], true],
  [["ls"], false],
])("%j reads its input: %s", (argv, reads) => {
  expect(mayReadInput(argv)).toBe(reads);
});
