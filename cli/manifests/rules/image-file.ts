import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "../../../policy-pack/fields";
import { containers, podTemplates } from "../../../policy-pack/workloads";
import { CliError } from "../../errors";
import { readImage } from "../../promotion/image-file";
import type { Rendered } from "../build";
import type { Finding } from "../finding";

function repositoryOf(image: string): string {
  const [name = ""] = image.split("@");
  return name.replace(/:[^:/]+$/, "");
}

/** The images a build runs, without tag and digest. */
function repositories(build: Rendered): Set<string> {
  const found = build.objects.flatMap(({ object }) => podTemplates(object)).flatMap(containers);
  return new Set(found.map(({ fields }) => repositoryOf(text(fields.image))));
}

/** What runs is what `image.yaml` says: each overlay that runs something has one, and it names what runs. */
export function imageFile(build: Rendered): Finding[] {
  const file = join(build.path, "image.yaml");
  const finding = (level: Finding["level"], message: string): Finding => {
    return { file, object: "", rule: "image-file", level, message };
  };
  const wrong = (message: string): Finding[] => [finding("mandatory", message)];
  const used = repositories(build);
  if (!existsSync(join(build.directory, "image.yaml"))) {
    return used.size === 0
      ? []
      : wrong("does not exist; the overlay runs containers, so it must state their image");
  }
  try {
    const image = readImage(readFileSync(join(build.directory, "image.yaml"), "utf8"), "image.yaml");
    if (used.size > 0 && !used.has(image.name)) {
      return wrong(
        `states ${image.name}, which no container of the overlay runs (${[...used].join(", ")}); correct the name`,
      );
    }
    if (build.environment === "production" && image.digest === undefined) {
      return wrong("has no digest; production runs images by digest, so add imageTag.digest");
    }
    return [...used]
      .filter((name) => name !== image.name)
      .map((name) =>
        finding(
          "advisory",
          `does not state ${name}, which the overlay runs too: a promotion leaves it as it is`,
        ),
      );
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return wrong(error.message.replace(/^image\.yaml: /, ""));
  }
}
