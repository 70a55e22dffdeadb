// Loaded before the type stripping is registered, which would otherwise go over every file of the SDK.
require("@pulumi/policy");
// The engine starts a policy pack without node arguments, so the type stripping is registered here.
require("tsx/cjs");
require("./index.ts");
