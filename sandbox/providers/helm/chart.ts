import type { ConstructRequest, ConstructResponse } from "@pulumi/pulumi/proto/provider_pb";
import {
  annotationOf,
  isSecretObject,
  metadataOf,
  nameOf,
  namespaceOf,
  text,
  typeOf,
  withAnnotation,
  withMetadata,
} from "../kubernetes/objects/object";
import type { KubernetesObject } from "../kubernetes/objects/object";
import { kindOf } from "../kubernetes/objects/object";
import { isNamespaced } from "../kubernetes/scope";
import { requireCluster } from "../kubernetes/session";
import type { Session } from "../kubernetes/session";
import { connectMonitor, constructed, providerFor, referenceTo } from "../protocol/monitor";
import type { Child, Registered } from "../protocol/monitor";
import {
  containsUnknown,
  fromStruct,
  isMap,
  secret,
  unknown,
  withoutOutputMarks,
  withoutSecretMarks,
} from "../protocol/properties";
import type { Property, PropertyMap } from "../protocol/properties";
import { registrationOrder } from "./registration-order";
import { template } from "./template";
import { mergeValues } from "./values";

const incomplete = "Input properties have unknown values. Preview is incomplete.";
const unsupported = ["keyring", "postRenderer"];

/** `helm.sh/v4:Chart`: every object that the chart renders becomes a child resource of its own. */
export async function constructChart(
  session: Session,
  request: ConstructRequest,
): Promise<ConstructResponse> {
  const monitor = connectMonitor(request.getMonitorendpoint());
  const urn = await monitor.component(request);
  const args = withoutSecretMarks(withoutOutputMarks(fromStruct(request.getInputs()))) as PropertyMap;
  if (containsUnknown(args)) {
    session.engine.log("warning", urn, incomplete);
    return constructed(urn, { resources: unknown }, new Map());
  }
  const objects = await render(session, request.getName(), args);
  const prefix = args["resourcePrefix"] === undefined ? request.getName() : text(args["resourcePrefix"]);
  const provider = providerFor(request, "kubernetes");

  const registered = new Map<KubernetesObject, Promise<Registered>>();
  for (const { object, after } of registrationOrder(objects)) {
    const child = async () => {
      const dependencies = await Promise.all(after.map((dependency) => registered.get(dependency)));
      const urns = dependencies.map((dependency) => dependency?.urn ?? "").sort();
      return monitor.child({
        ...childOf(object, prefix, args["skipAwait"] === true),
        parent: urn,
        dependencies: urns,
        provider,
      });
    };
    registered.set(object, child());
  }
  const children = await allOrFirstError([...registered.values()]);
  warnOfPolicies(session, urn, objects);
  const state = { resources: children.map(referenceTo) };
  return constructed(urn, state, new Map([["resources", children.map((child) => child.urn)]]));
}

/** Waits for all, so that no registration outlives the component, and then fails with the first error. */
async function allOrFirstError<T>(promises: Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}

async function render(session: Session, name: string, args: PropertyMap): Promise<KubernetesObject[]> {
  const refused = unsupported.find((key) => args[key] !== undefined && args[key] !== null);
  if (refused)
    throw new Error(`${refused} is not supported by the stand-in for the Kubernetes provider; leave it out`);
  const repository = isMap(args["repositoryOpts"] ?? null) ? (args["repositoryOpts"] as PropertyMap) : {};
  const credentials = Object.keys(repository).filter((key) => key !== "repo" && repository[key] !== null);
  if (credentials.length > 0) {
    throw new Error(
      `repositoryOpts.${credentials[0]} is not supported by the stand-in for the Kubernetes provider; ` +
        "download the chart and give its path",
    );
  }
  const namespace = text(args["namespace"]);
  const values = (args["values"] ?? {}) as PropertyMap;
  const files = (args["valueYamlFiles"] ?? []) as Property[];
  const objects = await template(requireCluster(session), {
    chart: text(args["chart"]),
    repo: text(repository["repo"]),
    version: text(args["version"]),
    devel: args["devel"] === true,
    dependencyUpdate: args["dependencyUpdate"] === true,
    verify: args["verify"] === true,
    plainHttp: args["plainHttp"] === true,
    releaseName: text(args["name"]) || name,
    namespace: namespace || session.namespace,
    values: await mergeValues(files, values),
    skipCrds: args["skipCrds"] === true,
    signal: session.cancelled,
  });
  return Promise.all(
    objects.map((object) => inNamespace(session, object, namespace || session.namespace, objects)),
  );
}

async function inNamespace(
  session: Session,
  object: KubernetesObject,
  namespace: string,
  beside: KubernetesObject[],
): Promise<KubernetesObject> {
  if (namespaceOf(object) !== "") return object;
  const namespaced = await isNamespaced(session, kindOf(object), beside);
  return namespaced === true ? withMetadata(object, { namespace }) : object;
}

/** Exported for its rules alone: type, name, secrets and retention of a rendered object. */
export function childOf(
  object: KubernetesObject,
  prefix: string,
  skipAwait: boolean,
): Pick<Child, "type" | "name" | "inputs" | "retainOnDelete"> {
  const qualified = namespaceOf(object) === "" ? nameOf(object) : `${namespaceOf(object)}/${nameOf(object)}`;
  const awaited = skipAwait
    ? withAnnotation(withAnnotations(object), "pulumi.com/skipAwait", "true")
    : object;
  const inputs = withoutNulls(awaited) as KubernetesObject;
  return {
    type: typeOf(object),
    name: prefix === "" ? qualified : `${prefix}:${qualified}`,
    inputs: isSecretObject(inputs) ? withSecretContent(inputs) : inputs,
    retainOnDelete: annotationOf(object, "helm.sh/resource-policy") === "keep",
  };
}

function withAnnotations(object: KubernetesObject): KubernetesObject {
  return isMap(metadataOf(object)["annotations"]) ? object : withMetadata(object, { annotations: {} });
}

function withoutNulls(value: Property): Property {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isMap(value)) return value;
  const present = Object.entries(value).filter(([, item]) => item !== null);
  return Object.fromEntries(present.map(([key, item]) => [key, withoutNulls(item)]));
}

function withSecretContent(object: KubernetesObject): KubernetesObject {
  const content = ["data", "stringData"].filter((key) => object[key] !== undefined);
  return { ...object, ...Object.fromEntries(content.map((key) => [key, secret(object[key] ?? null)])) };
}

function warnOfPolicies(session: Session, urn: string, objects: KubernetesObject[]): void {
  const policies = new Set(objects.map((object) => annotationOf(object, "helm.sh/resource-policy")));
  for (const policy of policies) {
    if (policy !== "" && policy !== "keep") {
      session.engine.log("warning", urn, `Unsupported Helm resource policy "${policy}"`);
    }
  }
}
