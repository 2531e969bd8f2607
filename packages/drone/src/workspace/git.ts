import { GitError, simpleGit } from 'simple-git';

/** Runs git with these arguments in a folder. @returns what it says; @throws {GitFailure} with its last words */
export type Git = (...args: string[]) => Promise<string>;

/** What git said when it failed. */
export class GitFailure extends Error {
  override readonly name = 'GitFailure';
}

/**
 * A git that runs in one folder with one environment, until the signal ends it. The guards of simple-git against
 * variables and settings are lifted for those that gitEnv sets: none of them comes from a job. Where a command can speak
 * it is let: simple-git waits 50 ms longer for one that says nothing.
 */
export function gitIn(folder: string, env: Record<string, string>, signal: AbortSignal): Git {
  const git = simpleGit({
    baseDir: folder,
    abort: signal,
    allowEnvironment: Object.keys(env).filter((name) => name.startsWith('GIT_')),
    unsafe: {
      allowUnsafeConfigEnvCount: true,
      allowUnsafeSshCommand: true,
      allowUnsafeHooksPath: true,
      allowUnsafeCredentialHelper: true,
    },
    // Without this, a failure that says nothing (`--quiet`) counts as none.
    errors: (error, { exitCode, stdErr, stdOut }) => error ?? (exitCode === 0 ? undefined : Buffer.concat([...stdErr, ...stdOut])),
    // Only the end of git itself counts: something that its helpers leave behind may hold the pipes.
    completion: { onClose: true, onExit: 500 },
  }).env(env);
  return async (...args) => {
    try {
      return await git.raw(args);
    } catch (error) {
      throw new GitFailure(error instanceof GitError || error instanceof Error ? error.message.trim() : String(error), { cause: error });
    }
  };
}
