/** Writes docs/protocol.md, docs/errors.md and docs/limits.md from the schemas. Run by `npm run docs`, from what is built. */
import { writeFileSync } from 'node:fs';
import { errorsPage } from './errorsPage.mjs';
import { limitsPage } from './limitsPage.mjs';
import { protocolPage } from './protocolPage.mjs';

const docs = new URL('../../../docs/', import.meta.url);
writeFileSync(new URL('protocol.md', docs), protocolPage());
writeFileSync(new URL('errors.md', docs), errorsPage());
writeFileSync(new URL('limits.md', docs), limitsPage());
