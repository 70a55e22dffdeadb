import { toolPaths } from "../../sandbox/toolchain/build";

/** The kustomize that `platform check` is told to use: the one named by the environment, or the sandbox's. */
export const kustomize = process.env["PLATFORM_KUSTOMIZE"] ?? toolPaths(process.env).kustomize;

export const kubectl = process.env["PLATFORM_KUBECTL"] ?? toolPaths(process.env).kubectl;
