import type { Policy } from "../../stack/define-policy.ts";
import { makePolicy } from "../../stack/define-policy.ts";
import { siteOf } from "../../stack/handle.ts";
import { checkedOptions, exceptions, READY_KEYS, refused, type MachineOptions } from "./options.ts";

/**
 * Denies machines of other images. `"debian"` allows every version of it, `"debian:bookworm"` that one. A clone is judged
 * by what the machine it is of was made from; an archive's image is not known and so is not allowed.
 *
 * @example
 * export default defineConfig({ policies: [imageAllowList(["debian:bookworm", "ubuntu"])] });
 */
export function imageAllowList(images: readonly string[], options: MachineOptions = {}): Policy {
  const known = ["except", ...READY_KEYS];
  const { name = "image-allow-list", severity, ...rest } = checkedOptions("imageAllowList", options, known);
  if (!isWords(images)) throw refused("imageAllowList", 'it takes a list of images: ["debian:bookworm", "ubuntu"]');
  const except = exceptions("imageAllowList", rest);
  const allowed = new Set(images);
  const list = [...allowed].join(", ");
  return makePolicy(
    {
      name,
      severity,
      description: `Machines are made from ${list}.`,
      machine: ({ address, image }, { deny }) => {
        if (except.has(address) || (image !== undefined && isAllowed(image, allowed))) return;
        const what =
          image === undefined
            ? "It is not known what image this machine is made from"
            : `The image ${image} is not on the list`;
        deny(`${what}. Allowed: ${list}.`);
      },
    },
    siteOf(imageAllowList),
  );
}

function isAllowed(image: string, allowed: ReadonlySet<string>): boolean {
  const [distro = ""] = image.split(":");
  return allowed.has(image) || allowed.has(distro);
}

function isWords(images: unknown): boolean {
  return Array.isArray(images) && images.length > 0 && images.every((each) => typeof each === "string" && each !== "");
}
