import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ArtifactsAnswer } from '@skep/protocol';
import { until } from '../../helpers/until.js';
import { onLinux } from './directed.js';
import { FILES, fileOf } from './fixtures/files.mjs';
import { filesFile } from './places.js';
import { Site } from './Site.js';

/** What is let through to the queen until every connection of the drone is cut, again and again. */
const CUT_BYTES = 6_000_000;
const UPLOADING_MS = 90_000;

const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

onLinux('artifacts on a bad line', () => {
  test('all get there whole, over cuts, a line that is down and a queen that is killed; nobody sees a part of one', async () => {
    await using site = await Site.start({ drones: [1], lostAfterS: 60 });
    const [{ line }] = site.drones as [Site['drones'][0]];
    const job = { id: 'files', artifacts: ['out'], phases: { test: [{ command: process.execPath, args: [filesFile] }] } };
    expect(await site.submit(job)).toBe(true);

    /** What has been seen, and was whole then. */
    const seen = new Map<string, string>();
    const lookAround = async (): Promise<number> => {
      const { artifacts } = ArtifactsAnswer.parse(await (await site.call('/api/jobs/files/artifacts')).json());
      for (const { path, size, sha256 } of artifacts) {
        if (seen.has(path)) continue;
        const bytes = Buffer.from(await (await site.call(`/api/jobs/files/artifacts/${path}`)).arrayBuffer());
        expect([path, bytes.length, sha256Of(bytes)]).toEqual([path, size, sha256]);
        seen.set(path, sha256);
      }
      return seen.size;
    };
    const whenSeen = (count: number): Promise<unknown> =>
      until(
        async () => {
          if (line.bytesLeft === undefined) line.cutAfter(CUT_BYTES);
          return (await lookAround()) >= count;
        },
        `${count} artifacts are there`,
        UPLOADING_MS,
      );

    await whenSeen(20);
    line.set({ kind: 'down' });
    line.heal();
    await whenSeen(60);
    await site.queen.kill();
    site.startQueen();
    await until(() => site.call('/api/jobs/files').catch(() => undefined), 'the queen is back');
    await whenSeen(FILES);
    line.heal();

    expect(await site.done('files')).toMatchObject({ outcome: 'passed', attempt: 1 });
    const made = Array.from({ length: FILES }, (_, index) => fileOf(index)).map(({ path, content }) => [path, sha256Of(content)]);
    expect([...seen].sort()).toEqual(made.sort());
    // Nothing is left of uploads, and nothing rests here to which no artifact refers.
    const folder = join(site.folder, 'queen', 'artifacts');
    expect(readdirSync(join(folder, 'uploads'))).toEqual([]);
    const contents = readdirSync(join(folder, 'contents'), { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile() && entry.name !== 'owner')
      .map(({ parentPath, name }) => parentPath.slice(-2) + name);
    expect(contents.sort()).toEqual([...new Set(seen.values())].sort());
  });
});
