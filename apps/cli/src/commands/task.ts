import { defineCommand } from '../defineCommand.js';
import { EXIT } from '../exitCodes.js';

export const task = defineCommand({
  usage: 'task <name>',
  summary: 'Let a drone perform a task, and print its result as JSON',
  examples: ['task ping', `task resize --data '{"width": 80}'`, 'task resize --data @input.json > result.json', 'task nightly --detach'],
  options: [
    { flags: '--data <json>', summary: 'its input: JSON, @file, or - for stdin; none if absent' },
    { flags: '-l, --label <key=value>', summary: 'only on a drone with this label', repeats: true },
    { flags: '--timeout <time>', summary: 'such as 90s, 10m, 1h30m; an hour if absent' },
    { flags: '--priority <n>', summary: 'higher goes first; 0 if absent' },
    { flags: '--id <id>', summary: 'the id of the job: the same id is the same job' },
    { flags: '-d, --detach', summary: 'print the id and leave' },
    { flags: '--on-interrupt <what>', summary: 'what Ctrl-C does to the task; cancel if absent', choices: ['cancel', 'detach'] },
  ],
  notes: `What it writes and its progress go to stderr. Exits with 0 and the result, 1 the handler failed, 2 it takes no such
input, 124 timed out, 130 cancelled, 125 it could not be performed. With --json the result comes in the last line.`,
  run: async (session, options, [name = '']) => {
    const { taskJob } = await import('../run/taskJob.js');
    const { TaskView, exitOfTask } = await import('../run/TaskView.js');
    const { followRun } = await import('../run/followRun.js');
    const { terminal, json } = session;
    const job = await taskJob(name, options, session.cwd);
    const client = await session.client();
    const { id } = await client.submit(job);
    const url = client.pageOf(id);
    if (options.isOn('detach')) {
      if (json) await terminal.json({ id, url });
      else {
        await terminal.line(id);
        terminal.remark(url);
      }
      return EXIT.ok;
    }
    if (json) await terminal.json({ type: 'submitted', id, url });
    else terminal.remark(`job ${id}  ${url}`);
    const view = new TaskView(terminal, json);
    const onInterrupt = options.text('onInterrupt') === 'detach' ? 'detach' : 'cancel';
    const end = await followRun({ client, terminal, id, json, onInterrupt, view });
    const exit = exitOfTask(end.exit, view.error?.code);
    if (json) await terminal.json({ type: 'end', exit, reason: end.reason, id, url, ...(exit === EXIT.ok && { result: view.result }) });
    else if (exit === EXIT.ok) await terminal.json(view.result);
    return exit;
  },
});
