// Measures, side by side in one run; prints what each bound asks for and never fails on a slow machine.
import { readdirSync } from "node:fs";
import path from "node:path";
import Table from "cli-table3";

interface Row {
  readonly metric: string;
  readonly value: number;
  readonly unit: string;
  readonly bound?: string;
}

interface Benchmark {
  readonly name: string;
  run(): Promise<readonly Row[]>;
}

async function main(wanted: readonly string[]): Promise<void> {
  const files = readdirSync(__dirname).filter((file) => file.endsWith(".bench.ts"));
  for (const file of files.filter((entry) => wanted.length === 0 || wanted.includes(entry.split(".")[0]!))) {
    const benchmark = (await import(path.join(__dirname, file))) as Benchmark;
    process.stderr.write(`${benchmark.name} ...\n`);
    const table = new Table({ head: [benchmark.name, "", "", "goal"], style: { head: [], border: [] } });
    for (const { metric, value, unit, bound } of await benchmark.run()) {
      table.push([
        metric,
        { content: value.toLocaleString("en", { maximumSignificantDigits: 3 }), hAlign: "right" },
        unit,
        bound ?? "",
      ]);
    }
    console.log(table.toString());
  }
}

void main(process.argv.slice(2));
