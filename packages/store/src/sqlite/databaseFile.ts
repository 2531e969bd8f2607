import { join } from 'node:path';

/** The file in a data folder that holds everything. */
export const databaseFile = (dataDir: string): string => join(dataDir, 'skep.sqlite');
