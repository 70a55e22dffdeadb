import assert from "node:assert/strict";
import { NotThereYet, containerEnvironment } from "../../../sandbox/controllers/pod-environment";

const data = { configMaps: { params: { "log.level": "debug" } }, secrets: { redis: { auth: "password" } } };
const fromConfigMap = (name: string, key: string, optional?: boolean) => ({
  name: "VARIABLE",
  valueFrom: { configMapKeyRef: { name, key, ...(optional !== undefined && { optional }) } },
});

describe("the environment of a container outside the cluster", () => {
  it("holds literal values", () => {
    assert.deepEqual(containerEnvironment([{ name: "A", value: "b" }], data), { A: "b" });
  });

  it("holds the values of ConfigMaps and Secrets", () => {
    const secret = { name: "PASSWORD", valueFrom: { secretKeyRef: { name: "redis", key: "auth" } } };
    assert.deepEqual(containerEnvironment([fromConfigMap("params", "log.level"), secret], data), {
      VARIABLE: "debug",
      PASSWORD: "password",
    });
  });

  it("leaves out an optional value that is not there", () => {
    assert.deepEqual(containerEnvironment([fromConfigMap("params", "other", true)], data), {});
    assert.deepEqual(containerEnvironment([fromConfigMap("other", "log.level", true)], data), {});
  });

  it("cannot be had while a value that must be there is not", () => {
    assert.throws(() => containerEnvironment([fromConfigMap("params", "other")], data), NotThereYet);
  });

  it("leaves out paths of the container's image", () => {
    assert.deepEqual(containerEnvironment([{ name: "CACHE", value: "/helm-working-dir" }], data), {});
  });
});
