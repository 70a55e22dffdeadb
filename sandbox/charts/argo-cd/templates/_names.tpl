{{- define "argo-cd.fullname" -}}
{{- $name := .Values.nameOverride -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride -}}
{{- else if contains $name .Release.Name -}}
{{- .Release.Name -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name -}}
{{- end -}}
{{- end -}}

{{- define "argo-cd.namespace" -}}
{{- .Values.namespaceOverride | default .Release.Namespace -}}
{{- end -}}

{{/* Arguments: root, the last part of the name label, component (may be empty). */}}
{{- define "argo-cd.selector" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: {{ $root.Values.nameOverride }}-{{ index . 1 }}
app.kubernetes.io/instance: {{ $root.Release.Name }}
{{- with index . 2 }}
app.kubernetes.io/component: {{ . }}
{{- end }}
{{- end -}}

{{- define "argo-cd.labels" -}}
{{- $root := index . 0 -}}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_" }}
{{ include "argo-cd.selector" . }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
app.kubernetes.io/part-of: argocd
app.kubernetes.io/version: {{ $root.Chart.AppVersion }}
{{- with $root.Values.global.additionalLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "argo-cd.redisServer" -}}
{{- if index .Values "redis-ha" "enabled" -}}
{{ .Release.Name }}-redis-ha-haproxy:6379
{{- else -}}
{{ include "argo-cd.fullname" . }}-redis:6379
{{- end -}}
{{- end -}}

{{/* The port of the server's Service that speaks what the server speaks. */}}
{{- define "argo-cd.serverPort" -}}
{{- $plain := eq (index .Values.configs.params "server.insecure" | toString) "true" -}}
{{- ternary .Values.server.service.servicePortHttp .Values.server.service.servicePortHttps $plain -}}
{{- end -}}
