import { CompareQuery, Comparison } from '@skep/protocol';
import { artifactInfoOf } from '../../artifacts/Artifacts.js';
import { compareJobs, type Side } from '../../reads/compareJobs.js';
import type { HttpDeps } from '../HttpDeps.js';
import { route } from '../route.js';

export const compareTwo = route({
  method: 'get',
  path: '/api/compare',
  summary: 'What is alike and what is not in two jobs: what was submitted, how long it took, and what they left behind.',
  scope: 'admin',
  query: CompareQuery,
  answer: { status: 200, schema: Comparison },
  async handle({ query }, deps) {
    const [a, b] = await Promise.all([sideOf(query.a, deps), sideOf(query.b, deps)]);
    return { json: compareJobs(a, b) };
  },
});

async function sideOf(id: string, { reader, artifacts }: HttpDeps): Promise<Side> {
  const info = await reader.info(id);
  return { summary: await reader.summary(id), info, artifacts: (await artifacts.list(id)).map(artifactInfoOf) };
}
