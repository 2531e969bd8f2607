import type { Matrix, Schedule } from '@skep/protocol';
import { CliError } from '../CliError.js';
import { defineCommand, type Options } from '../defineCommand.js';
import { EXIT } from '../exitCodes.js';
import { matrixOf, matrixOptions } from '../run/matrixOf.js';
import type { Session } from '../Session.js';

type Action = (session: Session, name: string, options: Options, words: readonly string[]) => Promise<void>;

export const schedule = defineCommand({
  usage: 'schedule <action> [name] [command...]',
  summary: 'What runs by itself: add, show, ls, rm, set, pause, resume, run, next',
  examples: [
    "schedule add nightly --cron '30 2 * * *' --zone Europe/Vienna --file nightly.yaml",
    'schedule add links --every daily -- npm run check-links',
    'schedule set nightly --missed all',
    'schedule pause nightly --reason "the lab moves"',
    'schedule next nightly -n 3',
  ],
  options: [
    { flags: '--cron <expression>', summary: 'when: minute, hour, day of the month, month, day of the week' },
    { flags: '--every <time>', summary: 'when: 90s, 10m, 1h30m, or hourly, daily, weekly at a time that follows from the name' },
    { flags: '--zone <zone>', summary: 'the time zone of the expression; UTC if absent' },
    { flags: '--file <file>', summary: 'the job, as JSON or YAML; - for stdin' },
    { flags: '--template <name>', summary: 'the template to run' },
    { flags: '--value <name=value>', summary: 'the value of a parameter of the template', repeats: true },
    ...matrixOptions,
    { flags: '--project <name>', summary: 'what the job of a command belongs to' },
    { flags: '-l, --label <key=value>', summary: 'only on a drone with this label, for the job of a command', repeats: true },
    { flags: '--missed <policy>', summary: 'times that passed while the queen was down; once if absent', choices: ['skip', 'once', 'all'] },
    { flags: '--overlap <policy>', summary: 'when the last run is not over; skip if absent', choices: ['skip', 'queue', 'cancel-old'] },
    { flags: '--description <words>', summary: 'what it is for' },
    { flags: '--reason <words>', summary: 'why it is paused' },
    { flags: '-n <count>', summary: 'how many times to show; 10 if absent' },
  ],
  run: async (session, options, [action = '', name, ...words]) => {
    if (action === 'ls') return list(session);
    const perform = actions[action];
    if (!perform) {
      const { nearest } = await import('@skep/protocol');
      const near = nearest(action, [...Object.keys(actions), 'ls']);
      throw new CliError(`no such action: ${action}`, near && `did you mean ${near}?`, 'skep schedule --help', EXIT.usage);
    }
    if (name === undefined)
      throw new CliError(`skep schedule ${action} needs the name of a schedule`, undefined, `skep schedule ${action} NAME`, EXIT.usage);
    await perform(session, name, options, words);
    return EXIT.ok;
  },
});

const actions: Readonly<Record<string, Action>> = {
  async add(session, name, options, words) {
    const { ScheduleBody, parseAs } = await import('@skep/protocol');
    const body = { name, ...(await given(session, options, words)) };
    const added = await (await session.client()).schedules.add(parseAs(ScheduleBody, body, 'The schedule', 'INVALID_SCHEDULE'));
    await tell(session, added, `schedule ${name} is added; it runs next at ${nextOf(added)}`);
  },

  async set(session, name, options, words) {
    const { ScheduleChange, parseAs } = await import('@skep/protocol');
    const change = parseAs(ScheduleChange, await given(session, options, words), 'The change', 'INVALID_SCHEDULE');
    const changed = await (await session.client()).schedules.change(name, change);
    await tell(session, changed, `schedule ${name} is changed; it runs next at ${nextOf(changed)}`);
  },

  async show(session, name) {
    const shown = await (await session.client()).schedules.get(name);
    if (session.json) return session.terminal.json(shown);
    const { scheduleLines } = await import('../print/scheduleLines.js');
    for (const line of scheduleLines(shown)) await session.terminal.line(line);
  },

  async rm(session, name) {
    await (await session.client()).schedules.remove(name);
    if (session.json) await session.terminal.json({ name, removed: true });
    else session.terminal.remark(`schedule ${name} is removed; its jobs stay`);
  },

  async pause(session, name, options) {
    const paused = await (await session.client()).schedules.pause(name, options.text('reason'));
    await tell(session, paused, `schedule ${name} is paused`);
  },

  async resume(session, name) {
    const resumed = await (await session.client()).schedules.resume(name);
    await tell(session, resumed, `schedule ${name} is resumed; it runs next at ${nextOf(resumed)}`);
  },

  async run(session, name) {
    const client = await session.client();
    const { id } = await client.schedules.run(name);
    if (session.json) return session.terminal.json({ id, url: client.pageOf(id) });
    await session.terminal.line(id);
    session.terminal.remark(client.pageOf(id));
  },

  async next(session, name, options) {
    const text = options.text('n') ?? '10';
    const count = Number(text);
    if (!Number.isInteger(count) || count < 1 || count > 100)
      throw new CliError(`-n ${text} is not a number from 1 to 100`, undefined, `skep schedule next ${name} -n 3`, EXIT.usage);
    for (const time of await (await session.client()).schedules.next(name, count)) {
      if (session.json) await session.terminal.json(time);
      else await session.terminal.line(time.local);
    }
  },
};

async function list(session: Session): Promise<number> {
  const schedules = await (await session.client()).schedules.list();
  if (session.json) for (const each of schedules) await session.terminal.json(each);
  else if (schedules.length === 0) session.terminal.remark('no schedule yet: make one with `skep schedule add`');
  else {
    const { scheduleTable } = await import('../print/scheduleLines.js');
    for (const line of scheduleTable(schedules)) await session.terminal.line(line);
  }
  return EXIT.ok;
}

async function tell({ json, terminal }: Session, schedule: Schedule, words: string): Promise<void> {
  if (json) await terminal.json(schedule);
  else terminal.remark(words);
}

const nextOf = ({ next: [first] }: Schedule): string => first?.local ?? 'no time that is known';

/** What the flags say of a schedule; the queen judges it. */
async function given(session: Session, options: Options, words: readonly string[]): Promise<Record<string, unknown>> {
  const { readValue } = await import('../readValue.js');
  const file = options.text('file');
  const matrix = matrixOf(options);
  const template = await templateOf(session, options, matrix);
  const job = withMatrix(file === undefined ? jobOf(options, words) : await readValue(file), template ? undefined : matrix);
  const when = await whenOf(options);
  const texts = ['missed', 'overlap', 'description'].flatMap((name) => {
    const text = options.text(name);
    return text === undefined ? [] : [[name, text]];
  });
  return { ...(job !== undefined && { job }), ...(template && { template }), ...(when && { when }), ...Object.fromEntries(texts) };
}

/** A matrix goes with a job or a template that is given too. */
function withMatrix(job: unknown, matrix: Matrix | undefined): unknown {
  if (!matrix) return job;
  if (typeof job === 'object' && job !== null) return { ...job, matrix };
  throw new CliError('--matrix goes with a command, --file or --template', undefined, 'skep schedule --help', EXIT.usage);
}

async function templateOf(session: Session, options: Options, matrix: Matrix | undefined): Promise<object | undefined> {
  const name = options.text('template');
  if (name === undefined) return undefined;
  const { valuesOf } = await import('../valuesOf.js');
  const { parameters } = await (await session.client()).templates.get(name);
  return { name, values: valuesOf(options.list('value'), parameters), ...(matrix && { matrix }) };
}

async function whenOf(options: Options): Promise<object | undefined> {
  const [cron, every, zone] = [options.text('cron'), options.text('every'), options.text('zone')];
  const zoned = zone === undefined ? {} : { zone };
  if (cron !== undefined) return { cron, ...zoned };
  if (every !== undefined) {
    const { secondsOf } = await import('../secondsOf.js');
    return { every: ['hourly', 'daily', 'weekly'].includes(every) ? every : secondsOf(every, '--every'), ...zoned };
  }
  if (zone === undefined) return undefined;
  throw new CliError('--zone alone says no time', undefined, `skep schedule set NAME --cron '30 2 * * *' --zone ${zone}`, EXIT.usage);
}

function jobOf(options: Options, [command, ...args]: readonly string[]): object | undefined {
  if (command === undefined) return undefined;
  const project = options.text('project');
  const labels = options.list('label').map((label) => [label.split('=', 1)[0] ?? '', label.slice(label.indexOf('=') + 1)]);
  return {
    phases: { test: [args.length === 0 ? command : { command, args }] },
    ...(project !== undefined && { project }),
    ...(labels.length > 0 && { requires: { labels: Object.fromEntries(labels) } }),
  };
}
