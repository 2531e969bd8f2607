import { expect, test } from '@jest/globals';
import type { JobRecord } from '@skep/store';
import { Artifacts, type ArtifactsOptions } from '../../src/artifacts/Artifacts.js';

/** What these jobs come after, and whose children they are. */
const jobs: Record<string, { after?: string[]; parent?: string }> = {
  reader: { after: ['before', 'fan-out'] },
  before: {},
  'fan-out': {},
  'fan-out~a': { parent: 'fan-out' },
  'fan-out~a~build-1': { parent: 'fan-out~a' },
  other: {},
  'other~a': { parent: 'other' },
};

const artifacts = new Artifacts({
  store: {
    job: async (id: string) => {
      const { after, parent = null } = jobs[id] ?? {};
      return id in jobs ? ({ parent, job: { ...(after && { after }) } } as JobRecord) : undefined;
    },
  } as ArtifactsOptions['store'],
  now: () => 0,
});

test.each<[string, boolean]>([
  ['reader', true],
  ['before', true],
  ['fan-out~a', true],
  ['fan-out~a~build-1', true],
  ['other', false],
  ['other~a', false],
  ['nobody', false],
])('an attempt may read the artifacts of %s: %s', async (id, may) => {
  const check = artifacts.checkReader({ id: 'reader', attempt: 1, lease: 1 }, id);
  if (may) await expect(check).resolves.toBeUndefined();
  else await expect(check).rejects.toMatchObject({ code: 'FORBIDDEN' });
});
