import type { Policy } from "../../stack/define-policy.ts";
import { makePolicy } from "../../stack/define-policy.ts";
import { siteOf } from "../../stack/handle.ts";
import { checkedOptions, READY_KEYS, refused, type ReadyOptions } from "./options.ts";

/** Which machines are not to be deleted. */
export interface NoDeletesOptions extends ReadyOptions {
  /** A label: `"keep"`, whatever its value, or `"env=prod"`. */
  readonly label: string;
}

/**
 * Denies every plan that deletes a machine with a label, also to make it anew. What counts are the labels that the machine
 * has: taking one away in the same plan changes nothing.
 *
 * @example
 * export default defineConfig({ policies: [noDeletesOf({ label: "keep" })] });
 */
export function noDeletesOf(options: NoDeletesOptions): Policy {
  const { label, name = "no-deletes-of", severity } = checkedOptions("noDeletesOf", options, ["label", ...READY_KEYS]);
  if (typeof label !== "string" || !/^[^=]+(?:=.*)?$/s.test(label)) {
    throw refused("noDeletesOf", '`label` is a label\'s key, or key=value: { label: "keep" }');
  }
  const [key, value] = split(label);
  return makePolicy(
    {
      name,
      severity,
      description: `Machines labelled ${label} are not deleted.`,
      change: ({ type, action, steps, labels }, { deny }) => {
        const isMarked = Object.hasOwn(labels, key) && (value === undefined || labels[key] === value);
        if (type !== "machine" || !isMarked || !(action === "delete" || steps.includes("delete"))) return;
        const how = action === "replace" ? "would be deleted and made anew" : "would be deleted";
        deny(`A machine labelled ${JSON.stringify(label)} ${how}.`);
      },
    },
    siteOf(noDeletesOf),
  );
}

/** The key ends at the first `=`. */
function split(label: string): readonly [string, string?] {
  const at = label.indexOf("=");
  return at < 0 ? [label] : [label.slice(0, at), label.slice(at + 1)];
}
