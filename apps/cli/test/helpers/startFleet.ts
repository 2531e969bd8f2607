import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa, type Options, type ResultPromise } from 'execa';

const skepFile = fileURLToPath(new URL('../../dist/skep.js', import.meta.url));

export interface Fleet extends AsyncDisposable {
  url: string;
  /** An empty folder, the working folder of every command. */
  folder: string;
  drones: Server[];
  /** Kills the queen without a word. */
  killQueen(): Promise<void>;
  /** Kills the queen without a word and starts another one in its place. */
  replaceQueen(): Promise<void>;
  /** Runs `skep` to its end; never throws for its exit code. */
  skep(args: readonly string[], options?: Options): ResultPromise;
}

/** A `skep` process that serves, and all that it has said on stderr. */
export interface Server {
  process: ResultPromise;
  stderr(): string;
  /** Resolved when it has said this; throws if it ends without. */
  said(words: RegExp): Promise<RegExpExecArray>;
}

interface FleetOptions {
  /** A drone for each. */
  capacities?: readonly number[];
  /** More flags of each drone. */
  droneFlags?: readonly string[] | ((index: number) => readonly string[]);
}

/** A queen and drones as processes of the built command line; ended when it goes out of scope. */
export async function startFleet({ capacities = [], droneFlags = [] }: FleetOptions = {}): Promise<Fleet> {
  const folder = await mkdtemp(join(tmpdir(), 'skep-cli-'));
  const env = {
    XDG_DATA_HOME: join(folder, 'data'),
    XDG_CACHE_HOME: join(folder, 'cache'),
    XDG_CONFIG_HOME: join(folder, 'config'),
    SKEP_QUEEN: '',
  };
  const skep: Fleet['skep'] = (args, options = {}) =>
    execa<Options>(process.execPath, [skepFile, ...args], {
      cwd: folder,
      reject: false,
      stripFinalNewline: false,
      stdin: 'ignore',
      ...options,
      env: { ...env, ...options.env },
    });
  const serve = (args: readonly string[]): Server => serverOf(skep(args));
  const startQueen = (port: string): Server => serve(['queen', '--port', port, '--data', join(folder, 'queen')]);
  let queen = startQueen('0');
  const [, url = ''] = await queen.said(/skep queen ready at (\S+)/);
  env.SKEP_QUEEN = url;
  const drones = capacities.map((capacity, index) =>
    serve([
      'drone',
      '--name',
      `d${index}`,
      '--speed',
      '10',
      '--capacity',
      String(capacity),
      '--data',
      join(folder, `drone${index}`),
      ...(typeof droneFlags === 'function' ? droneFlags(index) : droneFlags),
    ]),
  );
  for (const drone of drones) await drone.said(/skep drone \S+ ready/);
  const killQueen = async (): Promise<void> => {
    queen.process.kill('SIGKILL');
    await queen.process;
  };
  return {
    url,
    folder,
    drones,
    skep,
    killQueen,
    async replaceQueen() {
      await killQueen();
      queen = startQueen(new URL(url).port);
      await queen.said(/skep queen ready/);
    },
    async [Symbol.asyncDispose]() {
      // Cancels what still runs, so that no executor outlives the test.
      for (const { process } of drones) process.kill('SIGTERM');
      for (const { process } of drones) process.kill('SIGINT');
      await Promise.all(drones.map(({ process }) => process));
      queen.process.kill('SIGTERM');
      await queen.process;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export function serverOf(process: ResultPromise): Server {
  let text = '';
  process.stderr?.on('data', (bytes: Buffer) => {
    text += bytes.toString();
  });
  return {
    process,
    stderr: () => text,
    async said(words) {
      for (;;) {
        const found = words.exec(text);
        if (found) return found;
        if (process.exitCode !== null && process.exitCode !== undefined) throw new Error(`It ended without saying ${words}: ${text}`);
        await Promise.race([once(process.stderr ?? process, 'data'), once(process, 'exit')]);
      }
    },
  };
}
