import { Script } from 'node:vm';
import { expect, test } from '@jest/globals';
import { pageHtml } from '../../src/http/page/html.js';
import { pageScript } from '../../src/http/page/script.js';
import { pageStyle } from '../../src/http/page/style.js';
import { ask, startQueen } from '../helpers/startQueen.js';

test('the script is one, and makes no markup of anything', () => {
  expect(() => new Script(pageScript)).not.toThrow();
  expect(pageScript).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function/);
});

test('the page holds neither script nor style of its own, so that the strictest policy will do', () => {
  expect(pageHtml).not.toMatch(/<style|style=|\son\w+=|<script(?![^>]*\ssrc=)/);
  expect(pageStyle).not.toMatch(/url\(|@import/);
});

test('all that the page loads is served by the queen', async () => {
  await using queen = await startQueen();
  const page = await ask(`${queen.url}/jobs/some-job`);
  expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
  const addresses = [...page.text.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, address]) => address ?? '');
  expect(addresses).toContain('/socket.io/socket.io.min.js');
  for (const address of addresses) expect([address, (await ask(queen.url + address)).status]).toEqual([address, 200]);
  expect((await ask(`${queen.url}/page.js`)).headers['content-type']).toBe('text/javascript; charset=utf-8');
  expect((await ask(`${queen.url}/page.css`)).headers['content-type']).toBe('text/css; charset=utf-8');
});
