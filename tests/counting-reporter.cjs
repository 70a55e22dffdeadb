"use strict";
const { writeFileSync } = require("node:fs");
const { reporters } = require("mocha");

/** Prints like the spec reporter and leaves the counts, what was skipped and what failed in the file that the option `output` names. */
module.exports = class CountingReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const skipped = [];
    const failed = [];
    runner.on("pending", (test) => skipped.push(test.fullTitle()));
    runner.on("fail", (test, { message }) =>
      failed.push({ title: test.fullTitle(), message: String(message) }),
    );
    runner.once("end", () => {
      const { passes, failures } = this.stats;
      writeFileSync(options.reporterOptions.output, JSON.stringify({ passes, failures, skipped, failed }));
    });
  }
};
