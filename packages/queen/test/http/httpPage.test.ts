import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { httpPage } from '../../scripts/httpPage.mjs';
import { documented } from '../../src/http/routes.js';

const doc = (name: string) => readFile(new URL(`../../../../docs/${name}`, import.meta.url), 'utf8');

test('docs/http.md is what the routes say; `npm run docs` makes it so', async () =>
  expect(await doc('http.md')).toBe(httpPage(documented)));

test('docs/http.md links to schemas that docs/protocol.md has', async () => {
  const headings = new Set([...(await doc('protocol.md')).matchAll(/^#+ (.*)$/gm)].map(([, title]) => title?.toLowerCase()));
  const links = [...(await doc('http.md')).matchAll(/protocol\.md#([^)]+)\)/g)].map(([, id]) => id);
  expect(links.filter((id) => !headings.has(id))).toEqual([]);
});
