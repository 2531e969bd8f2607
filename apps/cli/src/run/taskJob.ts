import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { Job, parseAs } from '@skep/protocol';
import { CliError } from '../CliError.js';
import type { Options } from '../defineCommand.js';
import { EXIT } from '../exitCodes.js';
import { wishesOf } from './buildJob.js';

/** The job of `skep task`. @throws {CliError} if the input cannot be read, or is no JSON */
export async function taskJob(name: string, options: Options, cwd: string): Promise<Job> {
  const given = options.text('data');
  const data = given === undefined ? undefined : await dataOf(given, cwd);
  return parseAs(Job, { job_type: name, ...(data !== undefined && { data }), ...wishesOf(options) }, 'The job', 'INVALID_JOB');
}

async function dataOf(given: string, cwd: string): Promise<unknown> {
  const source = given === '-' ? 'stdin' : given.startsWith('@') ? given.slice(1) : undefined;
  const read = given === '-' ? text(process.stdin) : source === undefined ? given : readFile(resolve(cwd, source), 'utf8');
  const json = await Promise.resolve(read).catch((error: Error) => {
    throw new CliError(`${source} cannot be read`, error.message, 'skep task NAME --data @input.json', EXIT.error);
  });
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new CliError(`${source ?? '--data'} is not JSON`, (error as Error).message, `skep task NAME --data '{"width": 80}'`, EXIT.usage);
  }
}
