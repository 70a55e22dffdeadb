// Command pod-security-oracle judges pods as the API server's own evaluator of the Pod Security Standards does: a pod per
// line in, the verdicts of both profiles per line out.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
)

// The API server makes an emptyDir of a volume without a type before anybody judges the pod.
func setDefaults(spec *corev1.PodSpec) {
	for i := range spec.Volumes {
		if spec.Volumes[i].VolumeSource == (corev1.VolumeSource{}) {
			spec.Volumes[i].EmptyDir = &corev1.EmptyDirVolumeSource{}
		}
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func main() {
	evaluator, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
	if err != nil {
		fail(err)
	}
	version := api.MajorMinorVersion(1, 37)
	allows := func(level api.Level, pod *corev1.Pod) bool {
		results := evaluator.EvaluatePod(api.LevelVersion{Level: level, Version: version}, &pod.ObjectMeta, &pod.Spec)
		return policy.AggregateCheckResults(results).Allowed
	}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(make([]byte, 1<<20), 1<<20)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for lines.Scan() {
		var pod corev1.Pod
		if err := json.Unmarshal(lines.Bytes(), &pod); err != nil {
			fail(err)
		}
		setDefaults(&pod.Spec)
		fmt.Fprintf(out, "%t %t\n", allows(api.LevelBaseline, &pod), allows(api.LevelRestricted, &pod))
	}
	if err := lines.Err(); err != nil {
		fail(err)
	}
}
