// A process that calls a program as the driver does and then dies where it is told to: before or after `begin`, or while
// it reads. Arguments: the program, the scratch folder, `hold`, `go` or `read`. Prints the child's pid when the child is
// held.
import { programExec } from "../../src/driver/orbctl/exec.ts";

const [program = "", scratch = "", moment = ""] = process.argv.slice(2);
const exec = programExec({ program, scratch, home: scratch });

async function begin(child) {
  process.stdout.write(`${child.pid}\n`);
  if (moment === "hold") await new Promise((resolve) => setTimeout(resolve, 60_000));
}

await (moment === "read" ? exec({ argv: ["list"] }) : exec({ argv: ["create", "ubuntu", "web"], begin }));
