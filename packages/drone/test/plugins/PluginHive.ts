import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Job } from '@skep/protocol';
import { listPlugins } from '../../src/plugins/listPlugins.js';
import type { FoundPlugin } from '../../src/plugins/messages.js';
import { executorEntry, Running } from '../executor/helpers.js';
import { TempFolder } from '../helpers/waiting.js';

type Options = ConstructorParameters<typeof Running>[2];

/** A folder with plugins and a drone's data, gone with the block that uses it. */
export class PluginHive extends TempFolder {
  /** Writes a file, such as the module of a plugin. @returns its path */
  file(name: string, text: string): string {
    const path = join(this.path, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  }

  list(...places: string[]): Promise<FoundPlugin[]> {
    return listPlugins(places, { entry: executorEntry, cwd: this.path, env: { PATH: process.env.PATH ?? '' } });
  }

  /** Writes plugins of ours, each the text of its definition, and runs a job that has them in this order. */
  run(sources: Record<string, string>, job: Job = {}, options: Options = {}): Running {
    const plugins = Object.entries(sources).map(([name, source]): FoundPlugin => {
      const file = this.file(`plugins/${name}.mjs`, `export default { name: '${name}', ...(${source}) };`);
      return { name, kind: 'skep', file };
    });
    return new Running({ plugins: Object.keys(sources), ...job }, this.path, { ...options, plugins });
  }

  /** The same with plugins in Strider's form, each the text of its worker. */
  runStrider(workers: Record<string, string>, job: Job = {}, options: Options = {}): Running {
    const plugins = Object.entries(workers).map(([name, worker]): FoundPlugin => {
      const file = this.file(`strider-${name}/worker.js`, `module.exports = ${worker};`);
      return { name, kind: worker.includes('fetch') ? 'strider-provider' : 'strider-job', file };
    });
    return new Running({ plugins: Object.keys(workers), ...job }, this.path, { ...options, plugins });
  }
}
