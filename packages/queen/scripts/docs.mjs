/** Writes docs/http.md from the routes. Run by `npm run docs`, from what is built. */
import { writeFileSync } from 'node:fs';
import { documented } from '../dist/http/routes.js';
import { httpPage } from './httpPage.mjs';

writeFileSync(new URL('../../../docs/http.md', import.meta.url), httpPage(documented));
