import { expect, test } from '@jest/globals';
import { describeInBrowser, startBrowser } from '../../apps/web/test/helpers/startBrowser.js';
import { TestQueen } from '../helpers/startQueen.js';

describeInBrowser('the output of a job with sources', () => {
  // A plain drone, so that nothing is fetched from where the sources are said to be.
  test('leads to the places that it names', async () => {
    await using skep = await TestQueen.start({ webDir: new URL('../../apps/web/dist/', import.meta.url) });
    await using browser = await startBrowser();
    const drone = await skep.drone();
    drone.socket.on('queue:new', ({ id }: { id: string }) => {
      drone.socket.emit('job:started', id, Date.now());
      drone.socket.emit('job:cmd:start', id, 0, 'make');
      drone.socket.emit('job:cmd:stderr', id, 0, 'src/store.c:214:9: error: no lease\n');
      drone.socket.emit('job:cmd:done', id, 0, 2);
      drone.socket.emit('job:done', id, Date.now());
    });
    const repo = { url: 'https://github.com/acme/web.git', vcs: 'git' };
    const id = await skep.submit({ repo, ref: { branch: 'main', id: 'a1b2c3' }, phases: { test: ['make'] } });
    await skep.done(id);
    const page = await browser.open(`${skep.url}/jobs/${id}`);
    const link = page.locator('.row.is-error.is-stderr .text a');
    await link.waitFor();
    expect([await link.textContent(), await link.getAttribute('href'), await link.getAttribute('rel')]).toEqual([
      'src/store.c:214:9',
      'https://github.com/acme/web/blob/a1b2c3/src/store.c#L214',
      'noreferrer noopener',
    ]);
  }, 30_000);
});
