import { readConfig } from './RunnerConfig.js';
import { SkepRunner } from './SkepRunner.js';
import type { StriderContext, StriderEmitter } from './server.js';

/** What Strider's server asks for per project: a branch's configuration of this runner may hold anything. */
export const config = {};

/**
 * Makes the runner, as Strider's extension loader calls it.
 * @param given `runners.skep` of the server's configuration: `{queen, token}`
 * @param done is called at once; the runner reaches its queen by itself
 */
export function create(
  emitter: StriderEmitter,
  given: unknown,
  context: StriderContext,
  done: (error: unknown, runner?: SkepRunner) => void,
): void {
  let runner: SkepRunner;
  try {
    runner = new SkepRunner(emitter, readConfig(given, process.env), context);
  } catch (error) {
    done(error);
    return;
  }
  done(null, runner);
}
