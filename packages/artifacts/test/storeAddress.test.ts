import { describe, expect, test } from '@jest/globals';
import { parseStoreAddress } from '../src/storeAddress.js';

describe('the address of a store of artifacts', () => {
  test.each([
    ['file:///srv/a%20b', { type: 'folder', folder: '/srv/a b' }],
    ['s3://bucket', { type: 's3', s3: { bucket: 'bucket', prefix: '', forcePathStyle: false, presign: true } }],
    [
      's3://bucket/a/b/?region=eu-west-1&presign=no',
      { type: 's3', s3: { bucket: 'bucket', prefix: 'a/b', region: 'eu-west-1', forcePathStyle: false, presign: false } },
    ],
    [
      's3://bucket/p?endpoint=http://minio:9000',
      {
        type: 's3',
        s3: { bucket: 'bucket', prefix: 'p', region: 'us-east-1', endpoint: 'http://minio:9000', forcePathStyle: true, presign: true },
      },
    ],
    ['s3://bucket?endpoint=https://s3.example.com&forcePathStyle=false', { s3: { forcePathStyle: false } }],
    ['https://example.com/in?a=b', { type: 'post', url: 'https://example.com/in?a=b' }],
    ['http://me:p%40ss@example.com/in', { type: 'post', url: 'http://example.com/in', authorization: 'Basic bWU6cEBzcw==' }],
  ])('%s is read', (text, address) => expect(parseStoreAddress(text)).toMatchObject(address));

  test.each([
    ['artifacts', /no address/],
    ['ftp://host/x', /ftp:/],
    ['file://host/x', /with.all.of.its.path/],
    ['s3:///x', /no bucket/],
    ['s3://key:hush@bucket/x', /credentials do not belong there/],
    ['s3://bucket?regoin=x', /no option regoin/],
    ['s3://bucket?presign=maybe', /presign is yes or no/],
    ['s3://bucket?endpoint=https://u:hush@x', /endpoint/],
  ])('%s is refused, and no secret of it repeated', (text, message) => {
    expect(() => parseStoreAddress(text)).toThrow(
      expect.objectContaining({
        code: 'INVALID_CONFIG',
        message: expect.stringMatching(message),
        hint: expect.not.stringContaining('hush'),
      }),
    );
    expect(() => parseStoreAddress(text)).not.toThrow(/hush/);
  });
});
