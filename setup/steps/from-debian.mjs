// A step for programs that only tests need: found, or installed from Debian where that is allowed, or said to be missing.
import { install, mayInstall } from "../runner/apt.mjs";

/** `look` gives { env: paths by variable, missing: [{ what, packages }] }. */
export const fromDebian = ({ look, ...step }) => ({
  ...step,
  done: () => {
    const found = look();
    return found.missing.length && mayInstall() ? undefined : found;
  },
  async run({ log, hear }) {
    await install(
      look().missing.flatMap(({ packages }) => packages),
      { log, hear },
    );
    return look();
  },
});
