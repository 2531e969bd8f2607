import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { CliError } from './CliError.js';
import { EXIT } from './exitCodes.js';

/** What a JSON or YAML file holds; `-` is stdin. */
export async function readValue(file: string): Promise<unknown> {
  const name = file === '-' ? 'stdin' : file;
  const content = await (file === '-' ? text(process.stdin) : readFile(file, 'utf8')).catch((error: Error) => {
    throw new CliError(`${name} cannot be read`, error.message, 'skep submit job.yaml', EXIT.error);
  });
  // JSON is YAML too.
  const { parseYaml } = await import('./parseYaml.js');
  try {
    return parseYaml(content);
  } catch (error) {
    throw new CliError(`${name} is neither JSON nor YAML`, (error as Error).message.split('\n', 1)[0], 'correct that line', EXIT.usage);
  }
}
