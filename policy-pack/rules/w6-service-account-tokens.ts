import { isSet, text } from "../fields";
import { bindingSubjects } from "../role-rules";
import type { KubernetesObject, Rule } from "../rule";
import { podPath, podTemplates } from "../workloads";

function accountKey(object: KubernetesObject, name: string): string {
  return `${object.metadata?.namespace ?? ""}/${name}`;
}

export const serviceAccountTokens: Rule = {
  id: "W6",
  title: "Pods get no token for the Kubernetes API that they do not need",
  severity: "medium",
  why: "A token in the file system gives whoever breaks in the rights of the service account.",
  fix: "Set automountServiceAccountToken: false for the pod; one that calls the API is exempted and has its own account.",
  link: "https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/",
  *check(object) {
    if (object.kind === "ServiceAccount" && object.metadata?.name === "default") {
      if (object.automountServiceAccountToken !== false) {
        yield {
          control: "default-account",
          path: "automountServiceAccountToken",
          problem: "lets every pod of the namespace that names no account have a token",
        };
      }
    }
    for (const subject of bindingSubjects(object)) {
      if (subject.kind === "ServiceAccount" && subject.name === "default") {
        yield {
          control: "default-account",
          path: subject.path,
          problem: "gives rights to every pod of the namespace that names no account",
        };
      }
    }
  },
  *checkAll(objects) {
    const withoutToken = new Set(
      objects
        .filter((object) => object.kind === "ServiceAccount" && object.automountServiceAccountToken === false)
        .map((account) => accountKey(account, text(account.metadata?.name))),
    );
    for (const object of objects) {
      for (const pod of podTemplates(object)) {
        const account = text(pod.spec.serviceAccountName) || text(pod.spec.serviceAccount) || "default";
        // What the pod says counts; only where it says nothing does its account decide.
        const mounts = isSet(pod.spec.automountServiceAccountToken)
          ? pod.spec.automountServiceAccountToken !== false
          : !withoutToken.has(accountKey(object, account));
        if (!mounts) continue;
        const path = podPath(pod, "spec.automountServiceAccountToken");
        yield account === "default"
          ? { object, control: "default-account", path, problem: "mounts the token of the default account" }
          : { object, control: "token", path, problem: `mounts the token of ${account}` };
      }
    }
  },
};
