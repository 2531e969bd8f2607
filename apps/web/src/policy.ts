import * as z from 'zod';

// The policy of the page forbids code that is made at run time; without this zod would try, as soon as a schema is made.
z.config({ jitless: true });
