import { fileURLToPath } from 'node:url';

/** The folder of the repository, from here or from where this file is compiled to. */
const root = import.meta.url.replace(/\/test\/(build\/soak\/)?faults\/real\/[^/]*$/, '/');

/** The built command line. */
export const skepFile = fileURLToPath(new URL('apps/cli/dist/skep.js', root));

/** The command that prints what follows from its seed. */
export const talkFile = fileURLToPath(new URL('test/faults/real/fixtures/talk.mjs', root));

/** The command that writes the files of `files.mjs`. */
export const filesFile = fileURLToPath(new URL('test/faults/real/fixtures/writeFiles.mjs', root));
