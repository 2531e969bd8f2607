// What of a Strider server its runners meet: the emitter, the loader that requires them, the jobs in the database (here a
// file), and the listeners that store what runners say. It is spoken to by messages of its parent process.
const { EventEmitter } = require('node:events');
const { existsSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const Loader = require('strider-extension-loader');

const [folder, queen, zombies] = process.argv.slice(2);
const file = join(folder, 'jobs.json');
const jobs = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
const emitter = new EventEmitter();
const tell = (...message) => process.connected && process.send(message);

function save(id, why, fields) {
  jobs[id] = { ...jobs[id], ...JSON.parse(JSON.stringify(fields)) };
  writeFileSync(`${file}.new`, JSON.stringify(jobs));
  renameSync(`${file}.new`, file);
  tell('saved', id, why);
}

const Job = { findById: (id, done) => setImmediate(done, null, jobs[id] ? { ...jobs[id] } : null) };

emitter.on('browser.update', (project, event, args) => {
  tell('update', project, event, ...args);
  if (event === 'job.status.started') save(args[0], 'started', { started: args[1] });
});
for (const event of ['job.done', 'job.errored']) {
  emitter.on(event, (data) => {
    tell(event, data);
    const { test, deploy } = data.phases;
    save(data.id, event, {
      ...data,
      test_exitcode: test.exitCode,
      deploy_exitcode: deploy.exitCode,
      duration: data.finished.getTime() - data.started.getTime(),
    });
  });
}
emitter.on('job.cancelled', (id) => tell('job.cancelled', id));

function begin(runner) {
  process.on('message', ([what, ...args]) => {
    if (what === 'new') {
      const [job, config] = args;
      save(job._id, 'new', { _id: job._id, type: job.type, project: job.project.name, created: new Date() });
      const user = { jobplugins: {}, account: () => ({ config: { accessToken: 'token' } }) };
      emitter.emit('job.new', { ...job, project: { ...job.project, creator: user } }, config);
      save(job._id, 'runner', { runner: { id: config.runner.id } });
    }
    if (what === 'cancel') emitter.emit('job.cancel', args[0]);
    if (what === 'info') tell('info', runner.getJobData(args[0]) ?? null, { running: runner.running, queued: runner.queued });
  });
  tell('ready', runner.id);
}

const loader = new Loader();
const context = { config: { runners: { skep: { queen } } }, emitter, models: { Job }, loader, logger: console };
loader.collectExtensions([join(folder, 'extensions')], (error) => {
  if (error) throw error;
  loader.initWebAppExtensions(context, (failed, extensions) => {
    if (failed) throw failed;
    const { skep } = extensions.runner;
    const unfinished = Object.values(jobs).filter(({ finished, runner }) => !finished && runner?.id === 'skep');
    if (zombies !== 'asked') {
      for (const { _id } of unfinished) save(_id, 'given up', { finished: new Date(), errored: true });
      return begin(skep);
    }
    return skep.findZombies(unfinished, (problem, found) => {
      if (problem) throw problem;
      for (const { _id } of found) save(_id, 'zombie', { finished: new Date(), errored: true });
      begin(skep);
    });
  });
});
