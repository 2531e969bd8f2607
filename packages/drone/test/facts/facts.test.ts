import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { Labels } from '@skep/protocol';
import { factLabels } from '../../src/facts/labels.js';
import { measureSpeed } from '../../src/facts/measureSpeed.js';
import { aFolder } from '../executor/helpers.js';

test('the labels of a machine are labels, and its counts are numbers', () => {
  const labels = Labels.parse(factLabels());
  expect(labels).toMatchObject({ os: process.platform, arch: process.arch });
  expect(Number(labels.cpus)).toBeGreaterThan(0);
  expect(Number(labels.memory)).toBeGreaterThan(0);
});

test('the speed is measured once for a machine, and again for another', async () => {
  await using folder = await aFolder();
  const cache = join(folder.path, 'speed.json');
  const speed = await measureSpeed(folder.path);
  expect(Number.isInteger(speed) && speed >= 1).toBe(true);
  expect(readdirSync(folder.path)).toEqual(['speed.json']);
  const kept = JSON.parse(readFileSync(cache, 'utf8'));
  writeFileSync(cache, JSON.stringify({ ...kept, speed: 7 }));
  expect(await measureSpeed(folder.path)).toBe(7);
  writeFileSync(cache, JSON.stringify({ machine: 'another', speed: 1_000_000 }));
  expect(await measureSpeed(folder.path)).toBeLessThan(1_000_000);
});
