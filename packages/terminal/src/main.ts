// The frame of a program: its exit code, its errors as sentences, its end.

/**
 * Runs a program to its exit code and ends the process: threads would keep it alive. An error is written as its message,
 * behind the program's name, and gives exit code 1.
 */
export async function runMain(name: string, run: () => Promise<number>): Promise<never> {
  try {
    process.exitCode = await run();
  } catch (error) {
    console.error(`${name}: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  }
  process.exit();
}
