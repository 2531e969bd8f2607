import { describe, expect, test } from '@jest/globals';
import { type ArtifactInfo, ArtifactKind, artifactKindOf, formOfKind } from '@skep/protocol';
import { pathsIn, selectionOf, treeOf } from '../src/artifacts/tree.js';

const anArtifact = (path: string, size = 1): ArtifactInfo => ({
  job: 'j',
  attempt: 1,
  path,
  size,
  mode: 0o644,
  mediaType: 'text/plain',
  sha256: 'a'.repeat(64),
  created: 1,
});
const paths = ['a.log', 'dist/deep/only/app.js', 'report/img/one.png', 'report/img/two.png', 'report/index.html', 'reports'];
const tree = treeOf(paths.map((path, index) => anArtifact(path, index)));

describe('artifacts in their folders', () => {
  test('have the sizes of what is in them; folders that hold nothing but a folder are one', () => {
    expect(tree.folders.map(({ name, path, files, bytes }) => [name, path, files, bytes])).toEqual([
      ['dist/deep/only', 'dist/deep/only/', 1, 1],
      ['report', 'report/', 3, 9],
    ]);
    expect(tree.leaves.map(({ name }) => name)).toEqual(['a.log', 'reports']);
    expect([tree.files, tree.bytes]).toEqual([6, 15]);
    expect(new Set(pathsIn(tree))).toEqual(new Set(paths));
  });

  test.each([
    ['nothing', [], []],
    ['one file', ['a.log'], ['a.log']],
    ['a whole folder', ['report/img/one.png', 'report/img/two.png'], ['report/img/']],
    ['folders within', ['report/img/one.png', 'report/img/two.png', 'report/index.html'], ['report/']],
    ['a part of a folder', ['report/img/one.png', 'reports'], ['report/img/one.png', 'reports']],
  ])('are selected: %s', (_, selected, asked) => {
    expect(selectionOf(tree, new Set(selected))).toEqual(asked);
  });
});

test.each([
  ['text/html; charset=utf-8', 'html'],
  ['image/svg+xml', 'image'],
  ['application/json', 'json'],
  ['application/vnd.api+json', 'json'],
  ['application/xhtml+xml', 'html'],
  ['text/xml', 'xml'],
  ['application/atom+xml', 'xml'],
  ['application/xml', 'xml'],
  ['text/csv', 'text'],
  ['application/javascript', 'text'],
  ['application/gzip', 'archive'],
  ['application/octet-stream', 'other'],
])('%s is of the kind %s', (mediaType, kind) => {
  expect(artifactKindOf(mediaType)).toBe(kind);
  expect(ArtifactKind.options.filter((each) => formOfKind(each).test(mediaType))).toEqual([kind]);
});
