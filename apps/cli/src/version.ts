/** Put in by the build, from package.json. */
declare const SKEP_VERSION: string;

export const version: string = SKEP_VERSION;
