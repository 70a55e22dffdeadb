import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { ChartSource } from "../chart-source";
import { restrictedNamespace } from "../restricted-namespace";
import { ssoSecret } from "./sso";
import { renderArgoCdValues, type ArgoCdValuesArgs, webhookSecret } from "./values";

export interface ArgoCdArgs extends Omit<ArgoCdValuesArgs, "webhook"> {
  readonly chart: ChartSource;
  /** Secret with which Argo CD proves itself to the identity provider; needed with `sso`. */
  readonly oidcClientSecret?: pulumi.Input<string> | undefined;
  /** Slack's bot token; needed with `slackChannel`. */
  readonly slackToken?: pulumi.Input<string> | undefined;
  /** Shared with the git host, which signs its webhooks with it; omitted, pushes are found by polling. */
  readonly webhookSecret?: pulumi.Input<string> | undefined;
}

/** Argo CD in its own namespace, without a hook and without a cluster-wide right. */
export class ArgoCd extends pulumi.ComponentResource {
  /** The namespace of Argo CD; waits for the namespace only. */
  readonly namespace: pulumi.Output<string>;
  /** The installed chart: resources that need its CRDs or controllers depend on this. */
  readonly chart: kubernetes.helm.v4.Chart;

  constructor(name: string, args: ArgoCdArgs, opts: pulumi.ComponentResourceOptions) {
    super("platform:argo-cd:ArgoCd", name, {}, opts);

    const namespace = restrictedNamespace(`${name}-namespace`, "argocd", { parent: this });
    this.namespace = namespace.metadata.name;

    const secret = (role: string, secretName: string, stringData: Record<string, pulumi.Input<string>>) =>
      new kubernetes.core.v1.Secret(
        `${name}-${role}`,
        {
          metadata: {
            name: secretName,
            namespace: this.namespace,
            // Argo CD resolves `$name:key` only in Secrets that carry this label.
            labels: { "app.kubernetes.io/part-of": "argocd" },
          },
          stringData,
        },
        { parent: this },
      );

    const redisPassword = new random.RandomPassword(
      `${name}-redis-password`,
      { length: 48, special: false },
      { parent: this },
    );
    const secrets = [
      // Name and key are fixed by the chart.
      secret("redis", "argocd-redis", { auth: redisPassword.result }),
      ...(args.oidcClientSecret ? [secret("sso", ssoSecret, { clientSecret: args.oidcClientSecret })] : []),
      ...(args.webhookSecret ? [secret("webhook", webhookSecret, { secret: args.webhookSecret })] : []),
      ...(args.slackToken
        ? [secret("notifications", "argocd-notifications-secret", { "slack-token": args.slackToken })]
        : []),
    ];

    this.chart = new kubernetes.helm.v4.Chart(
      name,
      {
        ...args.chart,
        name,
        // A constant, because one value unknown at preview would hide every object of the chart.
        namespace: "argocd",
        values: renderArgoCdValues({ ...args, webhook: args.webhookSecret !== undefined }),
      },
      // Without its password Secret Redis would not start.
      { parent: this, dependsOn: secrets },
    );
    this.registerOutputs({ namespace: this.namespace });
  }
}
