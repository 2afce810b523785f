/**
 * The arrows of the source tree: imports point one way, and there are no cycles (docs/decisions/0001-the-house.md).
 * `only(folder, allowed)` says: a file in `folder` may import, of our own code, only what `allowed` matches.
 */
const only = (folder, allowed, because) => ({
  name: `arrows-of-${folder.replaceAll("/", "-")}`,
  severity: "error",
  comment: because,
  from: { path: `^src/${folder}/`, pathNot: "\\.test\\.ts$" },
  to: { path: "^(src|client|test|bench)/", pathNot: allowed.map((path) => `^src/${path}`) },
});

const PURE_PACKAGES = "node_modules/(libphonenumber-js|any-ascii)/";

export default {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    only("core", ["core/"], "what we know is pure"),
    {
      name: "core-is-pure",
      severity: "error",
      comment: "core may not touch Node, the time or the network; only packages of pure data",
      from: { path: "^src/core/", pathNot: "\\.test\\.ts$" },
      to: { dependencyTypes: ["core", "npm", "npm-dev", "npm-optional"], pathNot: PURE_PACKAGES },
    },
    only("platform", ["platform/"], "what we stand on knows nothing of ours"),
    only("records", ["core/", "platform/", "records/"], "records know rules and storage"),
    only("providers", ["core/", "platform/", "providers/"], "providers know no records"),
    only(
      "flow",
      ["core/", "platform/", "records/", "flow/", "providers/provider.ts"],
      "flow knows no particular provider",
    ),
    only("servers", ["core/", "platform/", "records/", "flow/", "servers/"], "servers translate"),
    only(
      "cli",
      ["core/", "platform/", "records/", "flow/", "cli/", "config\\.ts$"],
      "the command line knows no server and no particular provider",
    ),
    only(
      "sandbox",
      ["core/", "platform/", "sandbox/", "records/sandbox-outbox/"],
      "the sandbox is a stranger that speaks protocols",
    ),
    {
      name: "providers-are-strangers",
      severity: "error",
      from: { path: "^src/providers/([^/]+)/" },
      to: { path: "^src/providers/[^/]+/", pathNot: "^src/providers/$1/" },
    },
    {
      name: "servers-are-strangers",
      severity: "error",
      from: { path: "^src/servers/([^/]+)/" },
      to: { path: "^src/servers/[^/]+/", pathNot: "^src/servers/$1/" },
    },
    {
      name: "config-goes-through-main",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/(main|config|cli/.*|flow/app)\\.ts$|^src/cli/" },
      to: { path: "^src/config\\.ts$", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "tests-are-not-imported",
      severity: "error",
      from: { path: "^src/", pathNot: "\\.test\\.ts$" },
      to: { path: "\\.test\\.ts$|^test/" },
    },
    { name: "client-stands-alone", severity: "error", from: { path: "^client/src/" }, to: { path: "^(src|test)/" } },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      extensions: [".ts", ".mjs", ".js", ".json"],
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default"],
    },
  },
};
