{{/*
What sets the components apart, as YAML by the name of their values; everything they share is written once in the
templates that walk through this.
*/}}
{{- define "argo-cd.components" -}}
{{- $fullname := include "argo-cd.fullname" . -}}
{{- $namespace := include "argo-cd.namespace" . -}}
controller:
  name: application-controller
  workload: StatefulSet
  args:
    - /usr/local/bin/argocd-application-controller
    - --metrics-port=8082
  workingDir: /home/argocd
  ports: [{ name: metrics, port: 8082 }]
  probes:
    readiness: { httpGet: { path: /healthz, port: metrics } }
  writable: { argocd-home: /home/argocd, tmp: /tmp }
  redis: true
  metricsName: metrics
  metricsPort: 8082
  env:
    ARGOCD_CONTROLLER_REPLICAS: {{ .Values.controller.replicas | default 1 | quote }}
    ARGOCD_APPLICATION_CONTROLLER_NAME: {{ $fullname }}-application-controller
    KUBECACHEDIR: /tmp/kubecache
server:
  name: server
  args: [/usr/local/bin/argocd-server, --port=8080, --metrics-port=8083]
  ports: [{ name: server, port: 8080 }, { name: metrics, port: 8083 }]
  probes:
    liveness: { httpGet: { path: "/healthz?full=true", port: server } }
    readiness: { httpGet: { path: /healthz, port: server } }
  writable: { plugins-home: /home/argocd, tmp: /tmp }
  redis: true
  metricsName: server-metrics
  metricsPort: 8083
  env:
    ARGOCD_SERVER_NAME: {{ $fullname }}-server
  openToAll: true
repoServer:
  name: repo-server
  args: [/usr/local/bin/argocd-repo-server, --port=8081, --metrics-port=8084]
  ports: [{ name: repo-server, port: 8081 }, { name: metrics, port: 8084 }]
  probes:
    liveness: { httpGet: { path: "/healthz?full=true", port: metrics } }
    readiness: { httpGet: { path: /healthz, port: metrics } }
  writable: { helm-working-dir: /helm-working-dir, plugins: /home/argocd/cmp-server/plugins, tmp: /tmp }
  redis: true
  metricsName: repo-server-metrics
  metricsPort: 8084
  env:
    ARGOCD_REPO_SERVER_NAME: {{ $fullname }}-repo-server
  allow:
    ports: [repo-server]
    from:
      - server
      - application-controller
      {{- if .Values.notifications.enabled }}
      - notifications-controller
      {{- end }}
      - applicationset-controller
applicationSet:
  name: applicationset-controller
  args:
    - /usr/local/bin/argocd-applicationset-controller
    - --metrics-addr=:8080
    - --probe-addr=:8081
    - --webhook-addr=:7000
  ports: [{ name: metrics, port: 8080 }, { name: probe, port: 8081 }, { name: webhook, port: 7000 }]
  probes:
    liveness: { tcpSocket: { port: probe } }
    readiness: { tcpSocket: { port: probe } }
  writable: { gpg-keyring: /app/config/gpg/keys, tmp: /tmp }
  metricsName: metrics
  metricsPort: 8080
{{- if .Values.notifications.enabled }}
notifications:
  name: notifications-controller
  args:
    - /usr/local/bin/argocd-notifications
    - --metrics-port=9001
    - --namespace={{ $namespace }}
    - --argocd-repo-server={{ $fullname }}-repo-server:8081
    - --secret-name={{ .Values.notifications.secret.name }}
  workingDir: /app
  ports: [{ name: metrics, port: 9001 }]
  probes:
    liveness: { tcpSocket: { port: metrics } }
    readiness: { tcpSocket: { port: metrics } }
  metricsName: metrics
  metricsPort: 9001
{{- end }}
{{- if .Values.dex.enabled }}
dex:
  name: dex-server
  command: [/shared/argocd-dex]
  args: [rundex]
  ports: [{ name: http, port: 5556 }, { name: grpc, port: 5557 }, { name: metrics, port: 5558 }]
  probes:
    liveness: { httpGet: { path: /healthz/live, port: metrics } }
    readiness: { httpGet: { path: /healthz/ready, port: metrics } }
  writable: { static-files: /shared, dexconfig: /tmp }
  copyFrom:
    command: [/bin/cp, -n, /usr/local/bin/argocd, /shared/argocd-dex]
    mounts: { static-files: /shared, dexconfig: /tmp }
  allow:
    ports: [http, grpc]
    from: [server]
{{- end }}
{{- if and .Values.redis.enabled (not (index .Values "redis-ha" "enabled")) }}
redis:
  name: redis
  args: [--save, "", --appendonly, "no", --requirepass $(REDIS_PASSWORD)]
  ports: [{ name: redis, port: 6379 }]
  probes:
    liveness: { exec: { command: [sh, -c, /health/redis_liveness.sh] } }
    readiness: { exec: { command: [sh, -c, /health/redis_readiness.sh] } }
  allow:
    ports: [redis]
    from: [server, repo-server, application-controller]
{{- end }}
{{- end -}}
