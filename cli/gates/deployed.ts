import type { Application } from "../cluster/application";
import { imageReference, imageVersion, type Image } from "../promotion/image";
import type { GateContext } from "./context";
import { unanswered, type Verdict } from "./verdict";

/** The tag or digest with which a reference to the same repository differs from the image, or undefined. */
function otherVersion(reference: string, image: Image): string | undefined {
  const ofSameRepository = reference.startsWith(`${image.name}:`) || reference.startsWith(`${image.name}@`);
  if (!ofSameRepository || reference === imageReference(image)) return undefined;
  return reference.slice(image.name.length + 1);
}

/** Why the pods of an Application do not run exactly this image; undefined where they do. */
export function imageFault(application: Application, image: Image): string | undefined {
  const others = application.images.flatMap((reference) => otherVersion(reference, image) ?? []);
  if (others.length > 0) return `still runs ${others.join(", ")}`;
  return application.images.includes(imageReference(image))
    ? undefined
    : `does not run ${imageVersion(image)}`;
}

/** Why an Application does not run exactly this image in good health; undefined where it does. */
export function deployedFault(application: Application, image: Image): string | undefined {
  const { sync, health, operating, lastOperation, freeze } = application;
  if (freeze !== undefined) return `is frozen: ${freeze}`;
  const fault = imageFault(application, image);
  if (fault) return fault;
  if (sync !== "Synced") return `is ${sync}${lastOperation?.message ? `: ${lastOperation.message}` : ""}`;
  if (health !== "Healthy") return `is ${health}`;
  return operating ? "has a sync operation in progress" : undefined;
}

/** Every cluster of the source must run exactly the image, Synced and Healthy. */
export function judgeDeployed(service: string, image: Image, applications: readonly Application[]): Verdict {
  const verdict = { gate: "deployed", subject: service };
  const own = applications.filter((application) => application.service === service);
  if (own.length === 0)
    return { ...verdict, passed: false, reason: "Argo CD has no Application of this service" };
  const faults = own.flatMap((application) => {
    const fault = deployedFault(application, image);
    return fault ? [`${application.name} ${fault}`] : [];
  });
  if (faults.length > 0) return { ...verdict, passed: false, reason: faults.join("; ") };
  const clusters = own
    .map(({ cluster }) => cluster)
    .sort()
    .join(", ");
  return { ...verdict, passed: true, reason: `${imageVersion(image)} is Synced and Healthy in ${clusters}` };
}

export async function deployedGate(context: GateContext): Promise<Verdict[]> {
  try {
    const applications = await context.source.listApplications();
    return context.candidates.map(({ service, image }) => judgeDeployed(service, image, applications));
  } catch (error) {
    return [unanswered("deployed", context.from, error)];
  }
}
