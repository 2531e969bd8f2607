/** Imports run one way. `npm run check` holds the tree against this; test/docs/imports.test.ts holds this against a tree that is wrong. */
const mayImport = {
  protocol: [],
  scheduler: ['protocol'],
  store: ['protocol'],
  client: ['protocol'],
  artifacts: ['protocol'],
  queen: ['protocol', 'scheduler', 'store', 'client', 'artifacts'],
  pool: ['protocol'],
  drone: ['protocol', 'pool'],
  'strider-runner': ['protocol', 'client'],
  forerunner: ['protocol', 'scheduler', 'store'],
};

const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from: { path: from.path, pathNot: from.not ?? [] }, to });
const npm = (names) => `node_modules/(${names})/`;
const outside = ['core', 'npm', 'npm-dev'];

const downwards = Object.entries(mayImport).map(([name, below]) =>
  rule(
    `${name}-looks-down`,
    below.length === 0 ? `${name} imports no package of ours.` : `Of our packages ${name} imports only: ${below.join(', ')}.`,
    { path: `^packages/${name}/src/` },
    { path: '^(packages|apps|test|examples)/', pathNot: `^packages/(${[name, ...below].join('|')})/` },
  ),
);

export default {
  forbidden: [
    ...downwards,
    rule(
      'front-door',
      'A package is imported by its name, which leads to its public names; never by a path into it.',
      { path: '^(?:packages|apps)/([^/]+)/' },
      { path: '^packages/', pathNot: ['^packages/$1/', '^packages/[^/]+/src/index\\.ts$', '^packages/store/src/conformance'] },
    ),
    rule(
      'protocol-needs-zod-only',
      'The words of the wire do no I/O.',
      { path: '^packages/protocol/src/' },
      { dependencyTypes: outside, pathNot: npm('zod') },
    ),
    rule(
      'scheduler-is-pure',
      'Routing has no clock and no I/O: it imports nothing from outside.',
      { path: '^packages/scheduler/src/' },
      { dependencyTypes: outside },
    ),
    rule(
      'coordinator-touches-no-socket',
      'The coordinator decides; it never speaks.',
      { path: '^packages/queen/src/coordinator/' },
      { path: ['^packages/queen/src/(gateway|http)/', npm('socket\\.io|express|engine\\.io'), '^(node:)?(net|http|https)$'] },
    ),
    rule(
      'gateway-never-decides',
      'Gateway and HTTP meet the coordinator in ports.ts alone, so that a bus can stand between them.',
      { path: '^packages/queen/src/(gateway|http)/' },
      { path: '^packages/queen/src/coordinator/' },
    ),
    rule(
      'one-door-to-the-queen',
      'Only QueenLink speaks socket.io in a drone, so that all else can be driven without a network.',
      { path: '^packages/drone/src/', not: ['^packages/drone/src/supervisor/QueenLink\\.ts$'] },
      { path: npm('socket\\.io-client') },
    ),
    rule(
      'a-supervisor-runs-no-job-code',
      'Supervisor and executor share the words that they exchange, and nothing that runs a job.',
      { path: '^packages/drone/src/supervisor/' },
      { path: '^packages/drone/src/executor/', pathNot: '/(AttemptContext|executorMessages|leaseMarker|JsonLines)\\.ts$' },
    ),
    rule(
      'an-executor-knows-no-supervisor',
      'Only the spool and a socket stand between them, so that each outlives the other.',
      { path: '^packages/drone/src/executor/' },
      { path: '^packages/drone/src/supervisor/' },
    ),
    rule(
      'shipped-code-needs-no-tests',
      'What is shipped does not lean on tests, nor on what they use.',
      { path: '^(packages|apps)/[^/]+/src/', not: ['^packages/store/src/conformance'] },
      { path: ['/test/', npm('jest|@jest/globals|fast-check')] },
    ),
  ],
  options: {
    parser: 'tsc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/(dist|build)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'node', 'import', 'default'],
      extensions: ['.ts', '.js', '.mjs'],
    },
  },
};
