import { driverContract } from "./driver-contract.ts";
import { overMemory, overProgram, overStrange } from "./driver-worlds.ts";

driverContract("over the simulator in memory", () => overMemory());

driverContract("over the simulator in memory, as it might be too", () =>
  overMemory(
    "extra-keys,mounts-in-json,hint-stream=stderr,dashes-refused,default-unset=none,delete-assumes-yes,no-clamp,config-left-behind",
  ),
);

driverContract("over the simulator as a program", overProgram);

driverContract("over a quiet orbctl that is not ours", () =>
  overStrange({ version: "2.2.3", shape: "full", show: "all", rename: "follow" }),
);

driverContract("over a talkative orbctl that is not ours", () =>
  overStrange({
    version: "2.2.3",
    versionWords: ["", "OrbStack v2.2.3 (build 2020300)"],
    shape: "full",
    extra: true,
    compact: true,
    listsDocker: true,
    limitsInJson: true,
    mountsInJson: true,
    emptyAddresses: true,
    show: "changed",
    showOrder: "reverse",
    rename: "follow",
    hintOn: "stderr",
    noDefault: "error",
    chatty: true,
    takenWords: "clone target already exists",
  }),
);
