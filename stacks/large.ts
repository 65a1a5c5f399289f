import { extend, machine } from "orbform";
import dev from "./dev.ts";

// The machines of `dev` under names of their own, larger, with one more.
export default extend(dev, (draft, edit) => {
  draft.resources.base.name = "large-base";
  draft.resources.web.name = "large-web";
  draft.resources.web.cpus = 4;
  draft.resources.web.memory = "8G";
  edit.add("db", machine({ image: "ubuntu:noble", name: "large-db", power: "stopped" }));
});
