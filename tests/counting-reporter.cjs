"use strict";
const { writeFileSync } = require("node:fs");
const { reporters } = require("mocha");

/** Prints like the spec reporter and leaves the counts in the file that the option `output` names. */
module.exports = class CountingReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once("end", () => {
      const { passes, failures, pending } = this.stats;
      const skipped = [];
      runner.suite.eachTest((test) => test.isPending() && skipped.push(test.fullTitle()));
      writeFileSync(options.reporterOptions.output, JSON.stringify({ passes, failures, pending, skipped }));
    });
  }
};
