/** Tests run from source: the `source` condition of each package's exports leads to src/. Threads and child processes use dist/. */
export default {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': ['$1.js', '$1.ts'] },
  transform: {
    '\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022', transform: {} }, module: { type: 'es6' }, sourceMaps: 'inline' },
    ],
  },
  testMatch: ['<rootDir>/{packages,apps}/*/test/**/*.test.ts', '<rootDir>/test/{e2e,docs,faults/{sim,fuzz,real}}/**/*.test.ts'],
  testSequencer: '<rootDir>/test/helpers/LongestFirst.js',
  setupFilesAfterEnv: ['<rootDir>/test/helpers/retryInCi.js'],
  // What tests wait for has deadlines of its own; this one is for a machine that is busy with other things.
  testTimeout: 120_000,
  // Most tests wait for other processes: with two files at once two cores have nothing to do for a third of the time.
  maxWorkers: 3,
};
