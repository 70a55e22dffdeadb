import { at, text } from "../../../policy-pack/fields";
import type { Finding } from "../finding";
import { type GeneratedApplication, generatedApplications, isOpen } from "../generated-applications";
import { type LocatedObject, titleOf } from "../object";

interface Owned {
  readonly owner: LocatedObject;
  readonly application: GeneratedApplication;
}

function finding({ owner }: Owned, level: Finding["level"], message: string): Finding {
  const { object, file, line } = owner;
  return { file, object: titleOf(object), rule: "one-application", level, message, ...(line && { line }) };
}

/** Whether two texts may become the same, whatever is filled in for their placeholders. */
function mayEqual(left: string, right: string): boolean {
  const fits = (pattern: string, value: string) =>
    new RegExp(
      `^${pattern
        .split(/\{\{.*?\}\}/)
        .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
        .join(".*")}$`,
    ).test(value);
  return left === right || (isOpen(left) && fits(left, right)) || (isOpen(right) && fits(right, left));
}

function placeOf({ application: { spec } }: Owned): string[] {
  const destination = at(spec, "destination");
  return [at(spec, "source", "path"), at(destination, "namespace"), at(destination, "server")].map(text);
}

function mayShare(left: Owned, right: Owned): boolean {
  const [one, other] = [placeOf(left), placeOf(right)];
  return one[0] !== "" && other[0] !== "" && one.every((part, index) => mayEqual(part, other[index]!));
}

/** Two objects with the same Application, or two Applications with the same objects, overwrite each other for ever. */
export function oneApplication(objects: readonly LocatedObject[]): Finding[] {
  const all = objects.flatMap((owner) =>
    generatedApplications(owner.object).map((application) => ({ owner, application })),
  );
  const names = new Map<string, Owned>();
  const named = all.flatMap((owned) => {
    const { owner, application } = owned;
    if (application.name === "" || isOpen(application.name)) return [];
    const key = `${owner.object.metadata?.namespace ?? ""}/${application.name}`;
    const first = names.get(key);
    if (!first) names.set(key, owned);
    // One object in the builds of two environments goes to two clusters.
    if (!first || titleOf(first.owner.object) === titleOf(owner.object)) return [];
    const message = `makes the Application ${application.name}, which ${titleOf(first.owner.object)} makes too; keep one`;
    return [finding(owned, "mandatory", message)];
  });
  const open = all.filter((owned) => placeOf(owned).some(isOpen));
  const shared = open.flatMap((owned) =>
    all
      .filter((other) => other.owner !== owned.owner && mayShare(owned, other))
      .map((other) => {
        const message = `may deliver the same path to the same place as ${titleOf(other.owner.object)}; keep one, or let their generators exclude each other`;
        return finding(owned, "advisory", message);
      }),
  );
  return [...named, ...shared];
}
