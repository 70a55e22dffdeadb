// The engine starts a policy pack without node arguments, so the type stripping is registered here.
require("tsx/cjs");
require("./index.ts");
