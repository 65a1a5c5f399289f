import { expect, test } from "vitest";
import { jumpingClock, memoryOrbctl } from "../../../support/simulator-memory.ts";

test("3.8: deleting by id crashes with exit code 2 and leaves the machine alone", async () => {
  const orbctl = memoryOrbctl();
  await orbctl("create ubuntu web");
  const [{ id }] = JSON.parse((await orbctl("list -f json")).stdout);

  const got = await orbctl(`delete -f ${id}`);

  expect(got.exitCode).toBe(2);
  expect(got.stderr.startsWith("panic: runtime error: invalid memory address")).toBe(true);
  expect((await orbctl("list -q")).stdout).toBe("web\n");
});

test("3.8: asks before it deletes, and takes a yes", async () => {
  const orbctl = memoryOrbctl();
  await orbctl("create ubuntu web");

  const got = await orbctl("delete web", { stdin: "y\n" });

  expect(got.stdout).toBe(
    "WARNING: This will PERMANENTLY DELETE ALL DATA in the following machines:\n  web\nYou cannot undo this action.\n\nContinue [y/N]? ",
  );
  expect((await orbctl("list -q")).stdout).toBe("");
});

test("5.1: prints a machine as the samples have it, and its limits", async () => {
  const orbctl = memoryOrbctl("", { clock: jumpingClock() });
  await orbctl("create ubuntu:24.04 web --cpus 4 --memory 2048 --disk 40G");

  const text = (await orbctl("info web -f json")).stdout;

  expect(text.replaceAll(/"id": "[0-9A-Z]{26}"/g, '"id": "ID"').replace(/"ip6": "[^"]*"/, '"ip6": "IP6"'))
    .toMatchInlineSnapshot(`
    "{
      "record": {
        "id": "ID",
        "name": "web",
        "image": {
          "distro": "ubuntu",
          "version": "noble",
          "arch": "arm64",
          "variant": "default"
        },
        "config": {
          "isolated": false,
          "forward_ssh_agent": true,
          "isolate_network": false,
          "default_username": "ada",
          "http_port": 0,
          "https_port": 0,
          "memory_limit_mib": 2048,
          "cpu_limit": 4,
          "disk_limit_bytes": 42949672960
        },
        "builtin": false,
        "state": "running"
      },
      "disk_size": 847787346,
      "ip4": "192.168.139.3",
      "ip6": "IP6"
    }
    "
  `);
});

test("5.3: passes through creating, provisioning and running when time counts", async () => {
  const clock = jumpingClock();
  const seen: string[] = [];
  const orbctl = memoryOrbctl("", {
    latency: 1,
    clock: {
      now: clock.now,
      sleep: async (ms) => {
        seen.push((await orbctl("list")).stdout.split("\n")[2]?.split(/\s+/)[1] ?? "none");
        await clock.sleep(Math.min(ms, 1000));
      },
    },
  });

  await orbctl("create ubuntu web");

  expect([...new Set(seen)]).toEqual(["creating", "provisioning"]);
  expect((await orbctl("list -qr")).stdout).toBe("web\n");
});

test("3.1: a machine that is stopped while it is set up is gone, and its create says so", async () => {
  const clock = jumpingClock();
  const orbctl = memoryOrbctl("", {
    latency: 1,
    clock: {
      now: clock.now,
      sleep: async (ms) => {
        await clock.sleep(Math.min(ms, 5000));
        if ((await orbctl("list")).stdout.includes("provisioning")) await orbctl("stop web");
      },
    },
  });

  expect(await orbctl("create ubuntu web")).toEqual({
    stdout: "",
    stderr: "[-32098] create 'web': setup: do initial setup: canceled by machine shutdown\n",
    exitCode: 1,
  });
  expect((await orbctl("list -q")).stdout).toBe("");
});

test("3.9: clones of one source come one after the other, and the source stays as it was", async () => {
  const clock = jumpingClock();
  const orbctl = memoryOrbctl("", { latency: 1, clock });
  await orbctl("create ubuntu web");
  const start = clock.now();
  const names = ["a", "b", "c"];
  await Promise.all(names.map((name) => orbctl(`clone web ${name}`)));

  expect(clock.now() - start).toBeGreaterThanOrEqual(3000);
  expect((await orbctl("list -q")).stdout).toBe("a\nb\nc\nweb\n");
  expect((await orbctl("list -qr")).stdout).toBe("web\n");
});

test("3.9: a clone has its source's SSH host keys", async () => {
  const orbctl = memoryOrbctl();
  await orbctl("create ubuntu web");
  await orbctl("clone web two");
  const keys = ["web", "two"].map((name) => orbctl(`run -m ${name} cat /etc/ssh/ssh_host_ed25519_key.pub`));
  const [own, copied] = await Promise.all(keys);

  expect(own?.stdout).toMatch(/^ssh-ed25519 /);
  expect(copied).toEqual(own);
});

test("3.9: a clone has another id, the same settings and files, and is stopped", async () => {
  const orbctl = memoryOrbctl();
  await orbctl("create ubuntu web --cpus 2");
  await orbctl("run -m web -u root tee /etc/note", { stdin: "kept" });
  await orbctl("clone web two");

  expect((await orbctl("info two")).stdout).toContain("State: stopped");
  expect((await orbctl("config get machine.two.cpu")).stdout).toBe("2\n");
  expect((await orbctl("run -m two cat /etc/note")).stdout).toBe("kept");
  expect((await orbctl("run -m two cat /etc/machine-id")).stdout).toBe(
    (await orbctl("run -m web cat /etc/machine-id")).stdout,
  );
  expect((await orbctl("run -m two hostname")).stdout).toBe("two\n");
});

test("3.6: /tmp does not survive a stop, and the boot has another id", async () => {
  const orbctl = memoryOrbctl();
  await orbctl("create ubuntu web");
  await orbctl("run -m web touch /tmp/a /var/tmp/b");
  const before = (await orbctl("run -m web cat /proc/sys/kernel/random/boot_id")).stdout;
  await orbctl("restart web");

  expect((await orbctl("run -m web ls /tmp")).stdout).toBe("");
  expect((await orbctl("run -m web ls /var/tmp")).stdout).toBe("b\n");
  expect((await orbctl("run -m web cat /proc/sys/kernel/random/boot_id")).stdout).not.toBe(before);
});

test("5.3: an OrbStack restart loses a machine that is being set up", async () => {
  const orbctl = memoryOrbctl("provisioning-survives:safe");
  for (const name of ["web", "safe"]) await orbctl(`create ubuntu ${name}`);
  for (const name of ["web", "safe"]) await orbctl(`sim set-state ${name} provisioning`);
  await orbctl("stop");
  await orbctl("start");

  expect((await orbctl("list -q")).stdout).toBe("safe\n");
});

test("3.16: the update box stands around the output, on either stream", async () => {
  const onStderr = await memoryOrbctl("banner")("list -f json");
  const onStdout = await memoryOrbctl("banner=stdout")("list -f json");

  expect(onStderr.stdout).toBe("[]\n");
  expect(onStderr.stderr.match(/OrbStack update available!/g)?.length).toBe(2);
  expect(onStdout.stdout.match(/OrbStack update available!/g)?.length).toBe(2);
});
