import { images, isDigest, parseImage } from "../image-reference";
import { imageRegistries, isServiceNamespace, serviceImages } from "../platform";
import type { Rule } from "../rule";

/** Three numbers and at most a variant: a tag that publishers do not move. */
const immutableTag = /^v?\d+\.\d+\.\d+([-+._][0-9A-Za-z.+_-]+)?$/;

export const imagePins: Rule = {
  id: "C2",
  title: "Images come from a known registry under a tag that does not move",
  severity: "high",
  why: "A moving tag starts something else after a restart, without a commit; an unknown registry starts anything.",
  fix: "Name a listed registry and an exact version, in production best with its digest.",
  link: "https://kubernetes.io/docs/concepts/containers/images/#image-names",
  *check(object, { environment }) {
    for (const { path, reference } of images(object)) {
      const { repository, tag, digest } = parseImage(reference);
      const isMoving = tag === undefined || tag === "" || tag.toLowerCase() === "latest";
      if (digest !== undefined && !isDigest(digest)) {
        yield { control: "digest", path, problem: `has the digest ${digest}, which no image can have` };
      } else if (digest === undefined && isMoving) {
        yield { control: "tag", path, problem: tag ? "has the tag latest" : "has no tag" };
      } else if (environment === "production" && digest === undefined && !immutableTag.test(tag ?? "")) {
        yield {
          control: "digest",
          path,
          problem: `has the tag ${tag ?? ""}, which its publisher moves, and no digest`,
        };
      }
      const registries = isServiceNamespace(object.metadata?.namespace ?? "")
        ? [serviceImages]
        : imageRegistries;
      if (!registries.some((registry) => repository.startsWith(registry))) {
        yield { control: "registry", path, problem: `${repository} is in none of ${registries.join(", ")}` };
      }
    }
  },
};
