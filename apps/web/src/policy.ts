// Stands in for `zod` in the built pages (build.mjs). Their policy forbids code that is made at run time, and without this
// zod would try that with the first schema.
import { config } from 'zod/v4';

config({ jitless: true });

export * from 'zod/v4';
export { z } from 'zod/v4';
