import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DroneId, parseAs } from '@skep/protocol';
import { z } from 'zod';
import type { DataFolder } from '../dataFolder.js';

const Identity = z.object({ id: DroneId });

/**
 * The id of the drone whose data folder this is: made at its first start, the same ever after.
 * @throws {SkepError} INVALID_CONFIG if the file that holds it is damaged: with a new id the drone could not go on with what it holds
 */
export function droneIdOf(folder: DataFolder): string {
  const path = join(folder.path, 'drone.json');
  const text = readIfThere(path);
  if (text !== undefined) return parseAs(Identity, parseJson(text), path, 'INVALID_CONFIG').id;
  const id = `drone-${randomBytes(10).toString('hex')}`;
  // Renamed into place, so that a process killed in the middle leaves no half of it.
  writeFileSync(`${path}.new`, `${JSON.stringify({ id })}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
  return id;
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
