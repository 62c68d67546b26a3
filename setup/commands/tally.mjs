// Counts tests: reads what cargo and vitest report, adds it up, says it in one plain closing line.

/** The sums of cargo's lines "test result: ok. 12 passed; 0 failed; 1 ignored; ...". */
export function cargoTally(lines) {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const line of lines) {
    const found = /^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored/.exec(line);
    if (!found) continue;
    sum.passed += Number(found[1]);
    sum.failed += Number(found[2]);
    sum.skipped += Number(found[3]);
  }
  return sum;
}

/** The sums of vitest's JSON report; a file that did not load has no tests in it and counts as one failure. */
export function vitestTally(report) {
  const unloaded = report.testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0);
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloaded.length,
    skipped: (report.numPendingTests ?? 0) + (report.numTodoTests ?? 0),
  };
}

/** A run of tests as it counts: ending badly, or running nothing, is a failure even if no single test says so. */
export function judged(tally, exitCode) {
  if (exitCode !== 0 && tally.failed === 0) return { ...tally, failed: 1, reason: `ended with exit code ${exitCode}` };
  if (tally.passed + tally.failed === 0) return { ...tally, failed: 1, reason: "ran no test" };
  return tally;
}

export const added = (tallies) =>
  tallies.reduce(
    (sum, one) => ({
      passed: sum.passed + one.passed,
      failed: sum.failed + one.failed,
      skipped: sum.skipped + one.skipped,
    }),
    { passed: 0, failed: 0, skipped: 0 },
  );

export const closingLine = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ""}`;
