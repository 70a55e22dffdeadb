{{- define "argo-rollouts.selector" -}}
app.kubernetes.io/component: {{ .Values.controller.component }}
app.kubernetes.io/name: argo-rollouts
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "argo-rollouts.labels" -}}
{{ include "argo-rollouts.selector" . }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
app.kubernetes.io/version: {{ .Chart.AppVersion }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/part-of: argo-rollouts
{{- end -}}
