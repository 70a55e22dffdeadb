import assert from "node:assert/strict";
import { X509Certificate, createPrivateKey } from "node:crypto";
import { newAuthority } from "../../../sandbox/control-plane/certificates";

describe("the certificates of a sandbox", () => {
  it("are signed by an authority that no other sandbox shares", async () => {
    const [one, other] = await Promise.all([newAuthority("authority"), newAuthority("authority")]);
    const pair = await one.sign({ commonName: "server", server: true });
    const certificate = new X509Certificate(pair.certificate);
    assert.ok(certificate.verify(new X509Certificate(one.certificate).publicKey));
    assert.equal(certificate.verify(new X509Certificate(other.certificate).publicKey), false);
  });

  it("belong to the key that comes with them", async () => {
    const pair = await (await newAuthority("authority")).sign({ commonName: "client" });
    assert.ok(new X509Certificate(pair.certificate).checkPrivateKey(createPrivateKey(pair.privateKey)));
  });

  it("name the loopback address for servers and nothing for clients", async () => {
    const authority = await newAuthority("authority");
    const server = new X509Certificate((await authority.sign({ commonName: "s", server: true })).certificate);
    const client = new X509Certificate((await authority.sign({ commonName: "c" })).certificate);
    assert.equal(server.checkIP("127.0.0.1"), "127.0.0.1");
    assert.equal(client.subjectAltName, undefined);
  });

  it("carry the group that Kubernetes reads from the organization", async () => {
    const pair = await (
      await newAuthority("authority")
    ).sign({ commonName: "admin", organization: "system:masters" });
    assert.match(new X509Certificate(pair.certificate).subject, /O=system:masters/);
  });
});
