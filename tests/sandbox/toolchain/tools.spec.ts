import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { buildArguments, moduleDirectory, toolDigest, toolPaths } from "../../../sandbox/toolchain/build";
import { replaceOnce } from "../../../sandbox/toolchain/changed-sources";
import { type Tool, tools } from "../../../sandbox/toolchain/tools";

const all: readonly Tool[] = tools;

describe("the tools of the sandbox", () => {
  for (const tool of all.filter(({ package: path }) => !path.startsWith("./"))) {
    it(`pins ${tool.name} in its go.mod at the version that is shown`, () => {
      const goMod = readFileSync(join(moduleDirectory(tool.module), "go.mod"), "utf8");
      const pins = [...goMod.matchAll(/^(?:require )?\s*(\S+) (v\S+)$/gm)].filter(([, path = ""]) =>
        tool.package.startsWith(path),
      );
      assert.deepEqual(
        pins.map(([, , version]) => version),
        [tool.version],
      );
    });
  }

  it("lists the sources of every tool of its own", () => {
    for (const tool of all.filter(({ package: path }) => path.startsWith("./"))) {
      assert.ok(existsSync(join(moduleDirectory(tool.module), tool.package, "main.go")));
    }
  });

  it("gives another digest to another version, so that the cache never serves an old build", () => {
    const [tool] = all;
    assert.ok(tool);
    assert.notEqual(toolDigest(tool), toolDigest({ ...tool, version: "v0.0.0" }));
  });

  it("keeps the cache outside the work tree", () => {
    assert.ok(toolPaths({ XDG_CACHE_HOME: "/cache" }).etcd.startsWith("/cache/gitops-platform/tools/etcd-"));
  });

  it("links the version into the API server", () => {
    const apiServer = all.find(({ name }) => name === "kube-apiserver");
    assert.ok(apiServer);
    const linked = buildArguments(apiServer, "out", undefined).find((argument) =>
      argument.startsWith("-ldflags="),
    );
    assert.match(
      linked ?? "",
      new RegExp(`-X k8s.io/component-base/version.gitVersion=${apiServer.version}`),
    );
  });
});

describe("the sources that are built with something replaced", () => {
  const replacements = [{ from: '"0.0.0.0:%d"', to: '"127.0.0.1:%d"' }];

  it("change in that alone", () => {
    assert.equal(
      replaceOnce("a.go", 'f("0.0.0.0:%d", p) // 0.0.0.0', replacements),
      'f("127.0.0.1:%d", p) // 0.0.0.0',
    );
  });

  it("are refused where the text is not found exactly once", () => {
    assert.throws(() => replaceOnce("a.go", "f()", replacements), /a\.go no longer holds/);
    assert.throws(
      () => replaceOnce("a.go", '"0.0.0.0:%d" "0.0.0.0:%d"', replacements),
      /a\.go no longer holds/,
    );
  });
});
