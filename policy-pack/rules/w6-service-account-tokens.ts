import { isSet, text } from "../fields";
import { bindingSubjects } from "../role-rules";
import type { KubernetesObject, Rule } from "../rule";
import { podPath, podTemplates } from "../workloads";

function accountKey(object: KubernetesObject, name: string): string {
  return `${object.metadata?.namespace ?? ""}/${name}`;
}

function ownKey(account: KubernetesObject): string {
  return accountKey(account, text(account.metadata?.name));
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
    const accounts = objects.filter((object) => object.kind === "ServiceAccount");
    const withoutToken = new Set(
      accounts.filter((account) => account.automountServiceAccountToken === false).map(ownKey),
    );
    const used = new Set<string>();
    for (const object of objects) {
      for (const pod of podTemplates(object)) {
        const account = text(pod.spec.serviceAccountName) || text(pod.spec.serviceAccount) || "default";
        used.add(accountKey(object, account));
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
    for (const object of accounts) {
      // Of an account in use, its pods have spoken; the default one is judged by itself.
      const hasSpoken = withoutToken.has(ownKey(object)) || used.has(ownKey(object));
      if (hasSpoken || object.metadata?.name === "default") continue;
      yield {
        object,
        control: "account",
        path: "automountServiceAccountToken",
        problem: "gives a token to every pod that does not refuse it",
        fix: "Set automountServiceAccountToken: false for the account; a pod that calls the API says true.",
      };
    }
  },
};
