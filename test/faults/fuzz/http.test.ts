import { once } from 'node:events';
import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import { type HttpRequest, HttpRequests } from './HttpRequests.js';
import { MeasuredProcess } from './MeasuredProcess.js';
import { flawOf } from './namedError.js';
import { Random } from './Random.js';
import { RawSocket } from './RawSocket.js';
import { fuzzCount, fuzzSeed, replayHint } from './run.js';

const COUNT = fuzzCount(10_000);
/** Requests at once. */
const AT_ONCE = 16;
/** How long an answer may take; one that follows a job begins by then and has no end. */
const ANSWER_MS = 20_000;

test(`a queen answers ${COUNT} bad requests by name, and none of them with a failure of its own`, async () => {
  await using queen = await MeasuredProcess.start<{ url: string }>('queen.mjs', {});
  const { url } = queen.ready;
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const random = new Random(fuzzSeed);
  const requests = new HttpRequests(await routesOf(url), fuzzSeed);
  const problems: string[] = [];
  try {
    await queen.whileAlive(runKnownJob(url));
    for (let sent = 0; sent < COUNT; sent += AT_ONCE) {
      const batch = Array.from({ length: AT_ONCE }, () => requests.next(random));
      const flaws = await queen.whileAlive(Promise.all(batch.map((each) => flawOfAnswer(url, agent, each))));
      for (const flaw of flaws) if (flaw !== undefined) problems.push(flaw);
    }
    const again = replayHint('http', COUNT);
    expect({ again, problems: problems.slice(0, 20), logged: queen.said }).toEqual({ again, problems: [], logged: '' });
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
  } finally {
    agent.destroy();
  }
}, 240_000);

/** A job that is done and has an output to ask for. */
async function runKnownJob(url: string): Promise<void> {
  const drone = await RawSocket.connect(url, '/drone');
  await drone.ask('["drone:info",{"speed":1,"capacity":1}]');
  await fetch(`${url}/api/jobs`, { method: 'POST', body: '{"id":"known"}' });
  await drone.ask('["job:cmd:start","known",0,"print"]');
  await drone.ask(JSON.stringify(['job:stdout', 'known', 'all work and no play\n'.repeat(5000)]));
  await drone.ask('["job:done","known",1]');
  drone.close();
}

/** Every route that the queen tells of, and its pages. */
async function routesOf(url: string): Promise<string[]> {
  const { paths } = (await (await fetch(`${url}/api/openapi.json`)).json()) as { paths: Record<string, object> };
  const api = Object.entries(paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`));
  return [...api, 'GET /', 'GET /jobs/{id}'];
}

/** What is wrong with the answer to a request; undefined if nothing is. */
async function flawOfAnswer(url: string, agent: Agent, asked: HttpRequest): Promise<string | undefined> {
  const { method, path, headers, body } = asked;
  const flaw = await answerTo(url, agent, asked).then(flawIn, (error: unknown) => String(error));
  return flaw && `${method} ${path.slice(0, 200)} ${JSON.stringify(headers)} ${String(body).slice(0, 300)}: ${flaw}`;
}

async function answerTo(url: string, agent: Agent | false, { method, path, headers, body }: HttpRequest): Promise<IncomingMessage> {
  const asked = request(url + path, { method, headers, agent, signal: AbortSignal.timeout(ANSWER_MS) });
  asked.end(body);
  try {
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    return answer;
  } catch (error) {
    // A connection that is used again may end just then; a new one may not.
    if (asked.reusedSocket && agent) return answerTo(url, false, { method, path, headers, body });
    throw error;
  }
}

async function flawIn(answer: IncomingMessage): Promise<string | undefined> {
  const { statusCode = 0, req } = answer as IncomingMessage & { req: ClientRequest };
  if (statusCode < 400) {
    // What follows a job that waits for ever has no end.
    answer.destroy();
    return undefined;
  }
  const text = (await buffer(answer)).toString();
  if (statusCode >= 500) return `${statusCode} ${text.slice(0, 300)}`;
  if (req.method === 'HEAD' || isOfNode(answer)) return undefined;
  return flawOf((JSON.parse(text) as { error?: unknown }).error);
}

/** Refused by Node before it is a request: it has no header of ours. */
const isOfNode = ({ headers }: IncomingMessage): boolean => headers['content-security-policy'] === undefined;
