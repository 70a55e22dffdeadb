const application = "{{.app.metadata.name}}";
const link = "{{.context.argocdUrl}}/applications/{{.app.metadata.namespace}}/{{.app.metadata.name}}";
const revision = "{{if .app.status.operationState}}{{.app.status.operationState.syncResult.revision}}{{end}}";

function template(title: string, color: string, text: string): string {
  return JSON.stringify({
    message: text,
    slack: {
      attachments: JSON.stringify([
        {
          title,
          title_link: link,
          color,
          fields: [
            { title: "Sync", value: "{{.app.status.sync.status}}", short: true },
            { title: "Health", value: "{{.app.status.health.status}}", short: true },
            { title: "Revision", value: revision, short: true },
          ],
        },
      ]),
    },
  });
}

// Every trigger is sent once per revision; `?.` keeps an Application that never synced from failing the expression.
const syncedRevision = "app.status?.operationState?.syncResult?.revision";

/**
 * Chart values for Slack messages on deployed, failed and degraded Applications, subscribed for all of them.
 * https://argo-cd.readthedocs.io/en/stable/operator-manual/notifications/
 */
export function renderNotifications(channel: string, argocdUrl: string) {
  return {
    enabled: true,
    argocdUrl,
    secret: { create: false, name: "argocd-notifications-secret" },
    notifiers: { "service.slack": "token: $slack-token\n" },
    templates: {
      "template.deployed": template(application, "#18be52", `${application} is deployed.`),
      "template.sync-failed": template(application, "#e96d76", `${application} failed to sync.`),
      "template.degraded": template(application, "#f4c030", `${application} is degraded.`),
    },
    triggers: {
      "trigger.on-deployed": JSON.stringify([
        {
          when: "app.status?.operationState?.phase in ['Succeeded'] and app.status?.health?.status == 'Healthy'",
          oncePer: syncedRevision,
          send: ["deployed"],
        },
      ]),
      "trigger.on-sync-failed": JSON.stringify([
        {
          when: "app.status?.operationState?.phase in ['Error', 'Failed']",
          oncePer: syncedRevision,
          send: ["sync-failed"],
        },
      ]),
      "trigger.on-degraded": JSON.stringify([
        { when: "app.status?.health?.status == 'Degraded'", oncePer: syncedRevision, send: ["degraded"] },
      ]),
    },
    subscriptions: [
      { recipients: [`slack:${channel}`], triggers: ["on-deployed", "on-sync-failed", "on-degraded"] },
    ],
  };
}
