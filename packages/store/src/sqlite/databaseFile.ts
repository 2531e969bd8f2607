import { join } from 'node:path';

export const DATABASE_NAME = 'skep.sqlite';

/** The file in a data folder that holds everything. */
export const databaseFile = (dataDir: string): string => join(dataDir, DATABASE_NAME);
