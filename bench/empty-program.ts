import * as pulumi from "@pulumi/pulumi";

async function empty(): Promise<void> {
  new pulumi.ComponentResource("bench:index:Empty", "empty");
}

export = empty;
