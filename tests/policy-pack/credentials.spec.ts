import assert from "node:assert/strict";
import { looksRandom, looksSensitive } from "../../policy-pack/credentials";

const random = "q7Zt2Lw9Xe4Rb8Ny1Vm6Kc3Hs5Pd0Jf-uGaTiOoB";

describe("a value", () => {
  it("is as random as a key only where it is long, mixed and nothing but one word", () => {
    assert.ok(looksRandom(random));
    assert.ok(looksRandom(` ${random}\n`));
    for (const other of [
      random.slice(0, 31),
      random.toLowerCase(),
      random.toUpperCase(),
      random.replace(/\d/g, "x"),
      random.replace("7", " "),
      `${random}.example.com`,
      "Ab1".repeat(20),
      "0123456789abcdef".repeat(4),
    ]) {
      assert.ok(!looksRandom(other), other);
    }
  });

  for (const name of [
    "password",
    "DB_PASSWORD",
    "dbPassword",
    "client-secret",
    "API_KEY",
    "apiKey",
    "accessToken",
    "AWS_SECRET_ACCESS_KEY",
    "passphrase",
    "credentials",
  ]) {
    it(`is secret under the name ${name}`, () => assert.ok(looksSensitive(name, "hunter2")));
  }

  for (const name of [
    "PASSWORD_FILE",
    "TOKEN_URL",
    "secretName",
    "SECRET_STORE",
    "TOKEN_TTL",
    "monkey",
    "KEYCLOAK_HOST",
    "tokenizer",
    "COMPASS",
  ]) {
    it(`is not secret under the name ${name}`, () => assert.ok(!looksSensitive(name, "hunter2")));
  }

  for (const value of [
    "",
    "true",
    "3600",
    "5m",
    "/run/secrets/a",
    "$(OTHER)",
    "${OTHER}",
    "{{ .a }}",
    "$a:b",
    "<set me>",
  ]) {
    it(`is no secret when it is "${value}"`, () => assert.ok(!looksSensitive("password", value)));
  }
});
