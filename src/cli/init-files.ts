/** The lines `orb init` adds to `.gitignore`: state is data of this host, not source. */
export const GITIGNORE_LINES: readonly string[] = ["node_modules/", "/.orbform/", "/state/*", "!/state/README.md"];

const CONFIG = `import { defineConfig } from "orbform";

export default defineConfig({});
`;

const STACK = `import { defineStack, machine } from "orbform";

const base = machine({ image: "debian:bookworm", power: "stopped" });
const web = machine({ clone: base, cpus: 2, memory: "2G" });

export default defineStack({
  resources: { base, web },
  outputs: { address: web.ip4 },
});
`;

const STATE_README = `# State

What Orbform made on this host: one file for each stack. Written by \`orb apply\`, not by hand, and ignored by git.
\`orb show\` reads it, \`orb state\` takes care of it.
`;

const WORKFLOW = `# Checks every stack of a pull request, and plans it on the simulator: no Mac is needed for that. The stacks are evaluated
# in a process that may do next to nothing, and the job has no token that may write. A plan of your own machines under the
# pull request, apply after the merge, and a look for drift: docs/guides/review-in-pull-requests.md of Orbform.
name: review
on: pull_request
permissions:
  contents: read
jobs:
  review:
    runs-on: ubuntu-latest
    timeout-minutes: 15
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2
        with:
          persist-credentials: false
      - uses: actions/setup-node@39370e3970a6d050c480ffad4ff0ed4d3fdee5af # v4.1.0
        with:
          node-version: 24
      - name: Install Orbform beside the checkout
        working-directory: \${{ runner.temp }}
        run: npm install --prefix ./orbform --ignore-scripts --no-audit --no-fund orbform
      - name: Check and plan every stack
        run: |
          code=0
          for stack in stacks/*.ts; do
            echo "## $stack" >> "$GITHUB_STEP_SUMMARY"
            rm -f "$RUNNER_TEMP/plan.md"
            # A mistake in one stack keeps no other from being looked at: the job fails at the end.
            "$RUNNER_TEMP/orbform/node_modules/.bin/orbform" plan --untrusted --driver simulator \\
              --report "$RUNNER_TEMP/plan.md" -- "$stack" || code=$?
            if [ -f "$RUNNER_TEMP/plan.md" ]; then cat "$RUNNER_TEMP/plan.md" >> "$GITHUB_STEP_SUMMARY"; fi
          done
          exit "$code"
`;

const TSCONFIG = `{
  "compilerOptions": {
    "target": "es2023",
    "module": "nodenext",
    "strict": true,
    "noEmit": true,
    "erasableSyntaxOnly": true,
    "verbatimModuleSyntax": true,
    "allowImportingTsExtensions": true
  },
  "include": ["orb.config.ts", "stacks"]
}
`;

const PACKAGE = `{
  "private": true,
  "type": "module"
}
`;

/** Every file of a new project but \`.gitignore\`, by its path. */
export const PROJECT_FILES: Readonly<Record<string, string>> = {
  "package.json": PACKAGE,
  "orb.config.ts": CONFIG,
  "stacks/dev.ts": STACK,
  "state/README.md": STATE_README,
  "tsconfig.json": TSCONFIG,
  ".github/workflows/orbform.yml": WORKFLOW,
};
