import { Command, Option } from "commander";
import { type Environment, environments } from "../../config/environment";
import { findRoot } from "../git";
import { addService } from "../manifests/new-service";

interface Options {
  readonly environment: Environment;
  readonly like: string;
  readonly tag: string;
  readonly digest?: string;
}

async function add(name: string, { environment, like, tag, digest }: Options): Promise<void> {
  const root = await findRoot(process.cwd());
  const paths = await addService(root, { name, environment, like, tag, digest });
  process.stdout.write(`${paths.map((path) => `wrote ${path}`).join("\n")}

Next:
  1. adapt infrastructure/k8s/base/${name}: ports, resources, network policy, and the secret it needs
  2. write that secret to platform/${environment}/${name} in Vault
  3. npx platform check
  4. commit and merge: every cluster of ${environment} then gets ${name}
`);
}

/** `platform service add`: 0 when the files are written; 2 when they cannot be, and then none is. */
export function serviceCommand(): Command {
  const addCommand = new Command("add")
    .description("Write the manifests of a new service after the example of another one.")
    .argument("<name>", "name of the service, and of its image below ghcr.io/platform")
    .addOption(
      new Option("--environment <name>", "where it is delivered").choices(environments).default("dev"),
    )
    .option("--like <service>", "the example: validation is a Deployment, bff a canary Rollout", "validation")
    .requiredOption("--tag <tag>", "tag of the first image")
    .option("--digest <digest>", "digest of the first image; production needs it")
    .action(add);
  return new Command("service").description("Add the files of a service.").addCommand(addCommand);
}
