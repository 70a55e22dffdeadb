import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "mocha";
import type { Rendered } from "../../../cli/manifests/build";
import { type Finding, readable, sortFindings } from "../../../cli/manifests/finding";
import type { KubernetesObject } from "../../../cli/manifests/object";
import { imageFile } from "../../../cli/manifests/rules/image-file";
import { promotionOrder } from "../../../cli/manifests/rules/promotion-order";
import type { Environment } from "../../../config/environment";

const digest = `sha256:${"a".repeat(64)}`;

function deployment(image: string): KubernetesObject {
  const containers = [{ name: "bff", image }];
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "bff" },
    spec: { template: { spec: { containers } } },
  };
}

describe("rules about an overlay's own files", () => {
  let root = "";
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "overlay-"));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  function overlay(
    environment: Environment,
    service: string,
    image: string | undefined,
    ...objects: KubernetesObject[]
  ): Rendered {
    const directory = join(root, environment, service);
    mkdirSync(directory, { recursive: true });
    if (image !== undefined) writeFileSync(join(directory, "image.yaml"), image);
    const path = `${environment}/${service}`;
    const located = objects.map((object) => ({ object, file: path }));
    return { directory, path, environment, service, kustomizations: [], objects: located, problems: [] };
  }

  const imageText = (name: string, more = "") =>
    `apiVersion: builtin\nkind: ImageTagTransformer\nmetadata:\n  name: image\nimageTag:\n  name: ${name}\n  newTag: "1.0.0"\n${more}`;
  const bff = "ghcr.io/platform/bff";
  const messages = (build: Rendered) =>
    imageFile(build)
      .map(({ message }) => message)
      .join();

  it("wants an image file where containers run, and only there", () => {
    assert.match(messages(overlay("dev", "bff", undefined, deployment(bff))), /does not exist/);
    assert.equal(messages(overlay("dev", "common", undefined)), "");
  });

  it("wants the image file to name what runs", () => {
    assert.match(
      messages(overlay("dev", "bff", imageText("ghcr.io/platform/audit"), deployment(`${bff}:1.0.0`))),
      /no container .* runs/,
    );
    assert.equal(messages(overlay("dev", "bff", imageText(bff), deployment(`${bff}:1.0.0@${digest}`))), "");
  });

  it("says nothing of what runs where the build failed", () => {
    assert.equal(messages(overlay("dev", "bff", imageText(bff))), "");
  });

  it("warns of an image that no promotion moves", () => {
    const running = [deployment(`${bff}:1.0.0`), deployment("ghcr.io/platform/proxy:2.1")];
    const [finding, ...more] = imageFile(overlay("dev", "bff", imageText(bff), ...running));
    assert.match(finding!.message, /does not state ghcr.io\/platform\/proxy/);
    assert.equal(finding!.level, "advisory");
    assert.deepEqual(more, []);
  });

  it("wants a digest in production only", () => {
    const running = deployment(`${bff}:1.0.0`);
    assert.match(messages(overlay("production", "bff", imageText(bff), running)), /no digest/);
    assert.equal(
      messages(overlay("production", "bff", imageText(bff, `  digest: ${digest}\n`), running)),
      "",
    );
    assert.equal(messages(overlay("staging", "bff", imageText(bff), running)), "");
  });

  it("wants a service in every environment before the one it is in", () => {
    const dev = overlay("dev", "bff", imageText(bff));
    const production = overlay("production", "bff", imageText(bff));
    const [finding, ...more] = promotionOrder([dev, overlay("staging", "audit", undefined), production]);
    assert.match(finding!.message, /no overlay in staging/);
    assert.equal(finding!.file, "production/bff");
    assert.deepEqual(more, []);
    assert.deepEqual(promotionOrder([dev, overlay("staging", "bff", imageText(bff)), production]), []);
  });

  it("does not want it of what has no image and is never promoted", () => {
    assert.deepEqual(promotionOrder([overlay("production", "monitoring", undefined)]), []);
  });
});

describe("the order of findings", () => {
  const finding = (rule: string, level: Finding["level"], line: number): Finding => {
    return { file: "a.yaml", object: "", rule, level, message: "m", line };
  };

  it("puts what cannot be read first, then what is mandatory, each in the order of lines", () => {
    const advisory = finding("x", "advisory", 1);
    const late = finding("x", "mandatory", 10);
    const early = finding("x", "mandatory", 9);
    const unread = finding(readable, "mandatory", 99);
    assert.deepEqual(sortFindings([advisory, late, early, unread]), [unread, early, late, advisory]);
  });

  it("names once what two builds share, and twice what only looks alike", () => {
    const one = finding("x", "mandatory", 1);
    assert.equal(sortFindings([one, { ...one }]).length, 1);
    assert.equal(sortFindings([one, { ...one, line: 2 }, { ...one, message: "n" }]).length, 3);
  });
});
