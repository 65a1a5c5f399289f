// A process that calls a program as the driver does and then dies where it is told to: before or after `begin`, or while
// it reads. Arguments: the program, the scratch folder, `hold`, `go` or `read`. Prints the child's pid when the child is
// held or let go.
import { programExec } from "../../src/driver/orbctl/exec.ts";

const [program = "", scratch = "", moment = ""] = process.argv.slice(2);
const exec = programExec({ program, scratch, home: scratch });
let held = 0;

async function begin(child) {
  held = child.pid;
  if (moment === "hold") {
    process.stdout.write(`${held}\n`);
    await new Promise((resolve) => {
      setTimeout(resolve, 60_000);
    });
  }
}

const done = moment === "read" ? exec({ argv: ["list"] }) : exec({ argv: ["create", "ubuntu", "web"], begin });
if (moment === "go") setTimeout(() => process.stdout.write(`${held}\n`), 300);
await done;
