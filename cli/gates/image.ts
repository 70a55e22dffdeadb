import { imageVersion, type Image } from "../promotion/image";
import { findManifest, hasSignature, type Manifest } from "../registry";
import type { Gates } from "../settings";
import type { GateContext } from "./context";
import { unanswered, type Verdict } from "./verdict";

/** What the registry said; undefined where it was not asked. */
export interface RegistryEvidence {
  /** What the tag names. */
  readonly tag?: Manifest | undefined;
  /** What the digest names. */
  readonly digest?: Manifest | undefined;
  readonly signed?: boolean | undefined;
}

function imageFault(image: Image, gates: Gates["image"], evidence: RegistryEvidence): string | undefined {
  if ((gates.digest || gates.signature) && !image.digest) {
    return "is pinned by tag alone; state imageTag.digest in the source's image.yaml";
  }
  if (gates.registry && evidence.digest === "absent") return "is gone from the registry";
  if (gates.registry && evidence.tag === "absent") return "has no such tag in the registry any more";
  if (
    gates.registry &&
    image.digest &&
    evidence.tag &&
    evidence.tag !== "absent" &&
    evidence.tag.digest !== image.digest
  ) {
    return `does not match its tag: the registry says ${evidence.tag.digest}`;
  }
  if (gates.signature && !evidence.signed) return "has no cosign signature in the registry";
  return undefined;
}

export function judgeImage(
  service: string,
  image: Image,
  gates: Gates["image"],
  evidence: RegistryEvidence,
): Verdict {
  const fault = imageFault(image, gates, evidence);
  const proved = [
    gates.digest && "pinned by digest",
    gates.registry && "in the registry",
    gates.signature && "signed",
  ].filter(Boolean);
  return {
    gate: "image",
    subject: service,
    passed: fault === undefined,
    reason: `${imageVersion(image)} ${fault ?? `is ${proved.join(", ")}`}`,
  };
}

async function collect(service: string, image: Image, gates: Gates["image"]): Promise<Verdict> {
  const { name, tag, digest } = image;
  try {
    return judgeImage(service, image, gates, {
      tag: gates.registry ? await findManifest(name, tag) : undefined,
      digest: gates.registry && digest ? await findManifest(name, digest) : undefined,
      signed: gates.signature && digest ? await hasSignature(name, digest) : undefined,
    });
  } catch (error) {
    return unanswered("image", service, (error as Error).cause ?? error);
  }
}

export async function imageGate(context: GateContext): Promise<Verdict[]> {
  const { image: gates } = context.gates;
  if (!gates.digest && !gates.registry && !gates.signature) return [];
  return Promise.all(context.candidates.map(({ service, image }) => collect(service, image, gates)));
}
