// Runs the program named by the first argument and prints the milliseconds from the start of this process to the first
// resource that the program registers.
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";

const [program, config] = process.argv.slice(2) as [string, string];

async function main(): Promise<void> {
  await pulumi.runtime.setMocks(
    {
      newResource: () => {
        process.stdout.write(String(performance.now()));
        process.exit(0);
      },
      call: ({ token }) => {
        throw new Error(`unexpected call of ${token}`);
      },
    },
    "gitops-platform",
    "dev",
  );
  pulumi.runtime.setAllConfig(JSON.parse(config) as Record<string, string>);
  const loaded = (await import(path.resolve(program))) as { default: () => unknown };
  await loaded.default();
}

void main();
