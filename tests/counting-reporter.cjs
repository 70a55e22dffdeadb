"use strict";
const { writeFileSync } = require("node:fs");
const { reporters } = require("mocha");

/** Prints like the spec reporter and leaves the counts in the file that the option `output` names. */
module.exports = class CountingReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const skipped = [];
    runner.on("pending", (test) => skipped.push(test.fullTitle()));
    runner.once("end", () => {
      const { passes, failures, pending } = this.stats;
      writeFileSync(options.reporterOptions.output, JSON.stringify({ passes, failures, pending, skipped }));
    });
  }
};
