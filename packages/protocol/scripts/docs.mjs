/** Writes docs/protocol.md and docs/errors.md from the schemas. Run by `npm run docs`, from what is built. */
import { writeFileSync } from 'node:fs';
import { errorsPage } from './errorsPage.mjs';
import { protocolPage } from './protocolPage.mjs';

const docs = new URL('../../../docs/', import.meta.url);
writeFileSync(new URL('protocol.md', docs), protocolPage());
writeFileSync(new URL('errors.md', docs), errorsPage());
