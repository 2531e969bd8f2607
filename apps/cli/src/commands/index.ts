import type { CommandDefinition } from '../defineCommand.js';
import { artifacts } from './artifacts.js';
import { cancel } from './cancel.js';
import { compare } from './compare.js';
import { complete } from './complete.js';
import { completion } from './completion.js';
import { config } from './config.js';
import { doctor } from './doctor.js';
import { drain } from './drain.js';
import { drone } from './drone.js';
import { drones } from './drones.js';
import { forget } from './forget.js';
import { jobs } from './jobs.js';
import { login } from './login.js';
import { logout } from './logout.js';
import { logs } from './logs.js';
import { open } from './open.js';
import { platform } from './platform.js';
import { priority } from './priority.js';
import { queen } from './queen.js';
import { resume } from './resume.js';
import { retention } from './retention.js';
import { retry } from './retry.js';
import { run } from './run.js';
import { schedule } from './schedule.js';
import { show } from './show.js';
import { submit } from './submit.js';
import { task } from './task.js';
import { template } from './template.js';
import { token } from './token.js';
import { top } from './top.js';
import { wait } from './wait.js';
import { why } from './why.js';

const shown: readonly CommandDefinition[] = [
  queen,
  drone,
  run,
  task,
  submit,
  jobs,
  show,
  logs,
  artifacts,
  compare,
  open,
  why,
  wait,
  cancel,
  retry,
  priority,
  schedule,
  template,
  top,
  drones,
  drain,
  resume,
  forget,
  platform,
  retention,
  token,
  login,
  logout,
  doctor,
  config,
  completion,
];

/** Every command, in the order of the help. */
export const commands: readonly CommandDefinition[] = [...shown, complete(shown)];
